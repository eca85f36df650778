#   How often a second the live page draws clients that move, of the frames that
#   the browser offers on this machine; and what that costs the page's thread of
#   the processor, which says what an idle machine could draw.

import sys

from stage import Stage, await_true, browser, size

CLIENTS, RATE, SECONDS = (int(word) for word in sys.argv[1:4])

#   The page says once a second how often it has drawn: begin and end there
COUNT = """
    const [seconds, done] = arguments;
    const map = document.getElementById('map');
    const told = () => new Promise(resolve => new MutationObserver(
        (_, observer) => {
            observer.disconnect();
            resolve([Number(map.dataset.frames), performance.now()]);
        }).observe(map, { attributeFilter: ['data-frames'] }));
    let offered = 0;
    (function look() {
        offered++;
        requestAnimationFrame(look);
    })();
    (async () => {
        const [first, begin] = await told();
        const before = offered;
        let last, end;
        do
            [last, end] = await told();
        while (end - begin < 1000 * seconds);
        const part = (end - begin) / 1000;
        done([(last - first) / part, (offered - before) / part, part]);
    })();"""


def busy_seconds(driver):
    """Of the page's thread, on the processor."""
    found = driver.execute_cdp_cmd("Performance.getMetrics", {})["metrics"]
    return next(each["value"] for each in found
                if each["name"] == "TaskDuration")


def main():
    driver = browser()
    driver.execute_cdp_cmd("Performance.enable",
                           {"timeDomain": "threadTicks"})
    driver.set_script_timeout(SECONDS + 60)
    try:
        with Stage(18850) as stage:
            stage.up()
            stage.walk(CLIENTS, RATE, 600)
            for width, height in ((1280, 800), (768, 1024), (390, 844)):
                size(driver, width, height)
                driver.get(stage.url() + "/")
                await_true(driver, "document.getElementById('map').dataset."
                           f"clients > {CLIENTS * 0.9:.0f}")
                before = busy_seconds(driver)
                drawn, offered, seconds = driver.execute_async_script(
                    COUNT, SECONDS)
                busy = busy_seconds(driver) - before
                clients = driver.execute_script(
                    "return document.getElementById('map').dataset.clients")
                print(f"{width} x {height}: {clients} clients, drawn "
                      f"{drawn:.1f} times a second, of {offered:.1f} frames; "
                      f"{1e3 * busy / (drawn * seconds):.1f} ms each",
                      flush=True)
    finally:
        driver.quit()


main()
