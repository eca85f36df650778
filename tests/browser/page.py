#   The live page in a real browser, over real servers.

import subprocess
import sys

from stage import (BIN, SERVERS, Stage, await_true, browser, requests, size)

count = 0


def holds(sentence, good, *why):
    global count
    count += 1
    print(f"{'ok' if good else 'not ok'} {count} - {sentence}", flush=True)
    if not good:
        for words in why:
            print(f"#   {words}", flush=True)


def text(driver, name):
    return driver.execute_script(
        "return document.getElementById(arguments[0]).textContent", name)


def node(server, kind):
    return f"document.querySelector('g[data-server={server}].{kind}')"


STATE = "document.getElementById('state').textContent"
PLACE = "[...document.querySelectorAll('#facts dd')].some(each => " \
    "each.textContent === arguments[0])"


def search(driver, client):
    driver.execute_script("""
        document.getElementById('wanted').value = arguments[0];
        document.getElementById('search').requestSubmit();""", client)


def errors(driver):
    return [entry["message"] for entry in driver.get_log("browser")
            if entry["level"] == "SEVERE"]


def is_ours(asked, stage):
    return [each["url"] for each in asked if not each["url"].startswith(
        (stage.url() + "/", "data:", "chrome:"))]


def look(stage, driver):
    driver.get(stage.url() + "/")
    holds("an empty herd is ok", await_true(driver, f"{STATE} === 'ok'"),
          text(driver, "state"))
    holds("and says that nobody has reported", await_true(
        driver, "!document.getElementById('nobody').hidden"))
    stage.put("kiwi", 34.0689, -118.4451)
    holds("a client that another server is told of is seen", await_true(
        driver, "document.getElementById('map').dataset.clients === '1'"))
    search(driver, "kiwi")
    holds("a search shows its AT line", await_true(
        driver, "document.getElementById('line').textContent.startsWith("
        "'AT Ball ')"), text(driver, "line"))
    holds("and the places around it", await_true(
        driver, "document.querySelectorAll('#places li').length > 1"))
    stage.put("kiwi", 34.0699, -118.4452)
    holds("its move is seen", await_true(driver, PLACE,
                                         "34.0699, -118.4452"))
    glide(stage, driver)
    stage.put("%3Cimg%2Fsrc%3Dx%2Fonerror%3Dalert(1)%3E", 34.07, -118.44)
    search(driver, "<img/src=x/onerror=alert(1)>")
    holds("an ID that looks like HTML is text", await_true(
        driver, "document.getElementById('client').textContent.startsWith("
        "'<img') && !document.querySelector('#panel img')"))


#   In each frame, note where the dot of the only client is drawn: the middle of
#   the pixels that one does not see through, as a tail is
WATCH = """
    const canvas = document.querySelector(
        '#map .leaflet-overlay-pane canvas');
    const context = canvas.getContext('2d');
    window.drawn = [];
    (function look() {
        const { width, height } = canvas;
        const pixels = context.getImageData(0, 0, width, height).data;
        let [x, count] = [0, 0];
        for (let at = 0; at < width * height; at++)
            if (pixels[4 * at + 3] === 255) {
                x += at % width;
                count++;
            }
        if (count && window.drawn.at(-1) !== x / count)
            window.drawn.push(x / count);
        requestAnimationFrame(look);
    })();"""


#   So many pixels of the map at the zoom at which one client is shown
AWAY_DEGREES = 0.005
AWAY_PIXELS = AWAY_DEGREES * 256 * 2 ** 13 / 360
ON_ITS_WAY = "window.drawn.filter(x => x > arguments[0] + 3 && " \
    "x < arguments[0] + arguments[1] - 3).length > 0"


def glide(stage, driver):
    driver.execute_script(
        "document.getElementById('close').click();" + WATCH)
    await_true(driver, "window.drawn.length > 0")
    home = driver.execute_script("return window.drawn.at(-1)")

    def goes(turn):
        away = turn % 2 == 0
        stage.put("kiwi", 34.0699, -118.4452 + away * AWAY_DEGREES)
        return await_true(
            driver, "Math.abs(window.drawn.at(-1) - arguments[0]) < 2",
            home + away * AWAY_PIXELS)

    def is_seen_between():
        return driver.execute_script(
            f"return {ON_ITS_WAY}", home, AWAY_PIXELS)

    holds("a client glides to where it is", any(
        goes(turn) and is_seen_between() for turn in range(10)))
    holds("and arrives", goes(1), driver.execute_script(
        "return window.drawn.slice(-5)"), home)
    size(driver, 1280, 800, still=True)
    driver.execute_script("window.drawn.splice(0, window.drawn.length - 1)")
    holds("who wants no motion sees none", all(
        goes(turn) for turn in range(6)) and not is_seen_between())
    size(driver, 1280, 800)


def break_it(stage, driver):
    stage.herd("kill", "Hamilton")
    holds("a killed server turns red", await_true(
        driver, node("Hamilton", "down")) and "Hamilton" in text(
        driver, "state"), text(driver, "state"))
    holds("who is beyond is not seen from here", await_true(
        driver, node("Ball", "unseen")))
    size(driver, 390, 844)
    holds("a phone has room for which is down", await_true(
        driver, "(state => state.scrollWidth <= state.clientWidth)"
        "(document.getElementById('state'))"))
    size(driver, 1280, 800)
    stage.herd("start", "Hamilton")
    holds("and green again", await_true(driver, node("Hamilton", "up")) and
          await_true(driver, f"{STATE} === 'ok'"), text(driver, "state"))
    holds("notices are shown", await_true(
        driver, "document.getElementById('notices').textContent.includes("
        "'link to Hamilton up')"))


def fits(driver):
    for width, height in ((390, 844), (768, 1024), (1280, 800)):
        for dark in (False, True):
            size(driver, width, height, dark)
            wide = driver.execute_script(
                "return document.documentElement.scrollWidth")
            holds(f"it fits {width} px{', dark' if dark else ''}",
                  wide <= width, f"it takes {wide}")


#   How many frames the page asks for in two that it is given
ASKED = """
    const done = arguments[0];
    const ask = window.requestAnimationFrame;
    let asked = 0;
    window.requestAnimationFrame = paint => {
        asked++;
        return ask.call(window, paint);
    };
    ask.call(window, () => ask.call(window, () => {
        window.requestAnimationFrame = ask;
        done(asked);
    }));"""


#   Which at first shows too little of the world to have them in view

def find(stage, driver):
    size(driver, 390, 844)
    driver.get(stage.url() + "/")
    holds("a phone finds clients wherever they are", await_true(
        driver, "document.getElementById('map').dataset.clients === '2'"))
    holds("a map on which nobody moves asks for no frame", any(
        driver.execute_async_script(ASKED) == 0 for _ in range(10)))
    size(driver, 1280, 800)


def come_back(stage, driver):
    stage.herd("stop", "Alford")
    holds("without its server the page says that it reconnects", await_true(
        driver, f"{STATE} === 'reconnecting'"), text(driver, "state"))
    holds("and keeps the clients", driver.execute_script(
        "return document.getElementById('map').dataset.clients") == "2")
    stage.herd("start", "Alford")
    holds("it comes back by itself", await_true(
        driver, f"{STATE} === 'ok'"), text(driver, "state"))


def with_token(driver):
    with Stage(18750, SERVERS[:1], "", "http\n    tokens = tokens\n") as stage:
        token = subprocess.run(
            [f"{BIN}/zherd", "token", "add", stage.topology, "map", "read"],
            stdout=subprocess.PIPE, text=True).stdout.strip()
        stage.up()
        requests(driver)
        driver.get(stage.url() + "/")
        holds("a herd with tokens is not shown without one", await_true(
            driver, "document.getElementById('login').open") and
            text(driver, "clients") == "–")
        enter = """document.getElementById('token').value = arguments[0];
            document.querySelector('#login form').requestSubmit();"""
        driver.execute_script(enter, "wrong")
        holds("nor with a wrong one", await_true(
            driver, "document.getElementById('login').open") and
            text(driver, "clients") == "–")
        driver.execute_script(enter, token)
        holds("with a good one it is", await_true(
            driver, f"{STATE} === 'alone'"), text(driver, "state"))
        asked = requests(driver)
        holds("the token is in headers alone", any(
            each["headers"].get("Authorization") == f"Bearer {token}"
            for each in asked) and not any(
            token in each["url"] for each in asked))
        holds("and is kept as long as the tab", driver.execute_script(
            "return localStorage.length === 0 && document.cookie === ''"))
        holds("no request leaves the origin of that page",
              not is_ours(asked, stage), *is_ours(asked, stage))


def main():
    driver = browser()
    try:
        size(driver, 1280, 800)
        with Stage(18700) as stage:
            stage.up()
            look(stage, driver)
            break_it(stage, driver)
            fits(driver)
            find(stage, driver)
            away = is_ours(requests(driver), stage)
            holds("no request leaves the origin", not away, *away)
            said = errors(driver)
            holds("no error is in the console", not said, *said)
            come_back(stage, driver)
        with_token(driver)
    finally:
        driver.quit()
    print(f"1..{count}")


sys.exit(main())
