#   A herd of one's own and a browser that looks at it, for tests and pictures.

import json
import os
import shutil
import subprocess
import tempfile
import time
import urllib.request

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

TOP = os.path.realpath(os.path.join(os.path.dirname(__file__), "../.."))
BIN = os.environ.get("HERD_BIN", f"{TOP}/build/release")
SERVERS = ["Alford", "Ball", "Hamilton", "Holiday", "Welsh"]
LINKS = "Alford = Hamilton Welsh\n    Ball = Holiday Welsh\n" \
    "    Hamilton = Holiday\n"

#   However slow the machine is: only what is broken takes so long
PATIENCE = 60


class Stage:
    """A herd, and what is to end with it."""

    def __init__(self, base, servers=None, links=LINKS, more=""):
        self.base = base
        self.servers = servers or SERVERS
        self.folder = tempfile.mkdtemp(prefix="zherd-test.")
        self.topology = f"{self.folder}/herd.zpl"
        self.places = f"http://127.0.0.1:{base + 45}/maps/api/place/" \
            "nearbysearch/json"
        self.env = dict(os.environ, HERD_BIN=BIN, HERD_WAIT=str(PATIENCE),
                        HERD_DIR=f"{self.folder}/run")
        self.load = None
        with open(self.topology, "w") as file:
            file.write("herd\n    name = zherd\nservers\n")
            for at, name in enumerate(self.servers):
                file.write(f"    {name}\n")
                for offset, key in ((0, "clients"), (10, "mesh"),
                                    (20, "admin"), (30, "http")):
                    file.write(f"        {key} = 127.0.0.1:"
                               f"{base + offset + at}\n")
            if links:
                file.write(f"links\n    {links}")
            file.write(f"places\n    url = {self.places}\n{more}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.load:
            self.load.kill()
            self.load.wait()
        self.herd("down")
        shutil.rmtree(self.folder)

    def herd(self, *words):
        done = subprocess.run([f"{TOP}/scripts/herd", *words], env=self.env,
                              stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True)
        return done.returncode == 0, done.stdout

    def up(self):
        good, said = self.herd("up", self.topology)
        if not good:
            raise RuntimeError(said)

    def url(self, server=0):
        return f"http://127.0.0.1:{self.base + 30 + server}"

    def put(self, client, latitude, longitude, server=1):
        body = json.dumps({"latitude": latitude, "longitude": longitude})
        urllib.request.urlopen(urllib.request.Request(
            f"{self.url(server)}/v1/clients/{client}", body.encode(),
            method="PUT"), timeout=PATIENCE).read()

    def walk(self, clients, rate, seconds):
        self.load = subprocess.Popen(
            [f"{BIN}/zherd-load", "--walk", "--load-ids", "-k", str(clients),
             "-r", str(rate), "-t", str(seconds), "-c", "10",
             str(self.base + 1)], stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)


def browser():
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for word in ("headless=new", "no-sandbox", "disable-dev-shm-usage",
                 "hide-scrollbars", "lang=en"):
        options.add_argument(f"--{word}")
    options.set_capability("goog:loggingPrefs",
                           {"browser": "ALL", "performance": "ALL"})
    return webdriver.Chrome(service=Service("/usr/bin/chromedriver"),
                            options=options)


def size(driver, width, height, dark=False, still=False):
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
        "width": width, "height": height, "deviceScaleFactor": 1,
        "mobile": width < 500})
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [
        {"name": "prefers-color-scheme", "value": "dark" if dark else
         "light"},
        {"name": "prefers-reduced-motion", "value": "reduce" if still else
         "no-preference"}]})


def await_true(driver, script, *words):
    """Wait until the script, an expression, is true in the page."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if driver.execute_script(f"return {script}", *words):
            return True
        time.sleep(0.1)
    return False


def requests(driver):
    """What was asked for since the last call: URLs, and headers."""
    asked = []
    for entry in driver.get_log("performance"):
        message = json.loads(entry["message"])["message"]
        if message["method"] == "Network.requestWillBeSent":
            asked.append(message["params"]["request"])
    return asked
