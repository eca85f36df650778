#   A picture of the live page over a herd that works: some hundred clients
#   travel through Europe, one server was killed.

import http.client
import json
import math
import random
import sys
import time

from stage import Stage, await_true, browser, size

CLIENTS = 300
SECONDS = 32  #  As long as tails are


class Traveller:
    def __init__(self, number, chance):
        self.name = f"client-{number}"
        self.latitude = chance.gauss(48, 3.5)
        self.longitude = chance.gauss(9, 6)
        self.course = chance.uniform(0, 2 * math.pi)
        self.speed = chance.uniform(0.005, 0.03)

    def go(self, chance):
        self.course += chance.gauss(0, 0.15)
        self.latitude += self.speed * math.cos(self.course)
        self.longitude += self.speed * math.sin(self.course)

    def tell(self, connection):
        connection.request("PUT", f"/v1/clients/{self.name}", json.dumps(
            {"latitude": round(self.latitude, 6),
             "longitude": round(self.longitude, 6)}))
        connection.getresponse().read()


def main():
    chance = random.Random(1)
    driver = browser()
    try:
        with Stage(18800) as stage:
            stage.up()
            connection = http.client.HTTPConnection(stage.url(1)[7:])
            travellers = [Traveller(at, chance) for at in range(CLIENTS)]
            for each in travellers:
                each.tell(connection)
            size(driver, 1280, 800)
            driver.get(stage.url() + "/")
            await_true(driver, "document.getElementById('map').dataset."
                       f"clients === '{CLIENTS}'")
            stage.herd("kill", "Hamilton")
            end = time.monotonic() + SECONDS
            while time.monotonic() < end:
                for each in travellers:
                    each.go(chance)
                    each.tell(connection)
                time.sleep(0.5)
            driver.save_screenshot(sys.argv[1])
    finally:
        driver.quit()


main()
