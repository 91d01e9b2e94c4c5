"""Debian's chromium, without a screen, as one reader of the page."""

import json
import os
import pathlib
import re
import tempfile

from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException, WebDriverException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

PATIENCE = 60  # seconds, on a machine with a lot to do
DESKTOP = (1280, 860)
PHONE = (360, 740)
ACCESSIBILITY = (pathlib.Path(__file__).parent / "accessibility.js").read_text(encoding="utf-8")


class CannotStart(Exception):
    """There is no chromium, or it cannot run here."""


class Chromium:
    """One tab. What it logs is kept until `take_console` and `take_requests`."""

    def __init__(self, url):
        self.url = url
        for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
            del os.environ[name]  # selenium would ask the proxy for its own driver
        self._profile = tempfile.TemporaryDirectory(prefix="coredepot-chromium.", ignore_cleanup_errors=True)
        options = webdriver.ChromeOptions()
        options.binary_location = "/usr/bin/chromium"
        for argument in ("headless=new", "disable-gpu", "disable-dev-shm-usage", "no-proxy-server", "no-first-run",
                         "disable-background-networking", "disable-component-update", "disable-sync",
                         "force-color-profile=srgb", "hide-scrollbars", "lang=en-GB",
                         f"user-data-dir={self._profile.name}", f"window-size={DESKTOP[0]},{DESKTOP[1]}"):
            options.add_argument("--" + argument)
        if os.geteuid() == 0:
            options.add_argument("--no-sandbox")  # chromium's sandbox refuses root
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        try:
            self.driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
        except (WebDriverException, OSError) as reason:
            raise CannotStart(str(reason).strip().splitlines()[0]) from reason
        self.driver.set_page_load_timeout(PATIENCE)
        self.driver.set_script_timeout(PATIENCE)
        self._requests = []
        self._console = []

    def quit(self):
        self.driver.quit()
        self._profile.cleanup()

    # How it looks

    def look(self, size=DESKTOP, dark=False):
        """As on a screen of that width and height, in the light or the dark."""
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": size[0], "height": size[1], "deviceScaleFactor": 1, "mobile": size == PHONE})
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
            {"name": "prefers-reduced-motion", "value": "reduce"}]})

    def width_of_content(self):
        """CSS pixels that the page needs to be seen without scrolling sideways."""
        return self.driver.execute_script("return document.documentElement.scrollWidth")

    def faults_of_access(self):
        """What is hard to use without eyes, hands or good light: sentences."""
        return self.driver.execute_script(ACCESSIBILITY)

    # Where it goes

    def open(self, path):
        self.driver.get(self.url + path)

    @property
    def path(self):
        return self.driver.current_url.removeprefix(self.url)

    def wait(self, condition, what):
        """The first true value of `condition`, which may fail while the page is drawn anew."""
        def holds(_):
            return condition()
        return WebDriverWait(self.driver, PATIENCE, poll_frequency=0.1,
                             ignored_exceptions=[StaleElementReferenceException]).until(
                                 holds, f"never came: {what}")

    def text(self):
        return self.driver.find_element(By.TAG_NAME, "body").text

    def await_text(self, *pieces):
        for piece in pieces:
            self.wait(lambda piece=piece: piece in self.text(), f"the text {piece!r}")

    def await_path(self, start):
        self.wait(lambda: self.path.startswith(start), f"the place {start}")

    def find(self, selector):
        """All that match, which may be none."""
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def await_one(self, selector):
        return self.wait(lambda: next((one for one in self.find(selector) if one.is_displayed()), None), selector)

    def cells(self, table):
        """The texts of a table's rows, without its head."""
        return self.driver.execute_script("""
            return [...document.querySelectorAll(`${arguments[0]} tbody tr`)]
                .map((row) => [...row.cells].map((cell) => cell.innerText.trim()))""", table)

    def named(self, name, role="a, button, summary, [role=tab], [role=button], [role=menuitem]"):
        """Waits for the link or button with that name (or its beginning) and returns it."""
        def match():
            dialog = self.find("dialog[open]")  # what is behind it cannot be reached
            within = dialog[0].find_elements(By.CSS_SELECTOR, role) if dialog else self.find(role)
            candidates = [one for one in within if one.is_displayed()]
            names = [(one, " ".join((one.get_attribute("aria-label") or one.text).split())) for one in candidates]
            exact = [one for one, text in names if text == name]
            return next(iter(exact + [one for one, text in names if text.startswith(name)]), None)
        return self.wait(match, f"a link or button {name!r}")

    def press(self, name):
        """Clicks the link or button with that name."""
        def click():
            self.named(name).click()
            return True
        return self.wait(click, f"a link or button {name!r} that can be clicked")

    def type(self, *keys):
        """Presses keys, wherever the focus is."""
        ActionChains(self.driver).send_keys(*keys).perform()

    def field(self, label):
        """Waits for the input that this label names."""
        expression = (f"//label[starts-with(normalize-space(.), '{label}')]//*[self::input or self::select or "
                      f"self::textarea] | //*[starts-with(@aria-label, '{label}') or @id=//label[normalize-space(.)='{label}']/@for]")
        def shown():
            found = self.driver.find_elements(By.XPATH, expression)
            return next((one for one in found if one.is_displayed() or one.get_attribute("type") == "file"), None)
        return self.wait(shown, f"a field {label!r}")

    def focused(self):
        return self.driver.switch_to.active_element

    # What it left behind

    def _read_logs(self):
        self._console += [entry for entry in self.driver.get_log("browser")]
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                self._requests.append(message["params"]["request"]["url"])

    def take_console(self):
        """What scripts and chromium said in the console since last time: (level, text)."""
        self._read_logs()
        said, self._console = self._console, []
        return [(entry["level"], entry["message"]) for entry in said]

    def take_requests(self):
        """Addresses that were asked for since last time, without data: URLs."""
        self._read_logs()
        asked, self._requests = self._requests, []
        return [url for url in asked if not re.match(r"(data|blob|chrome|about):", url)]

    def keep(self, file):
        """Writes what is to be seen now as a PNG."""
        pathlib.Path(file).parent.mkdir(parents=True, exist_ok=True)
        self.driver.save_screenshot(str(file))


__all__ = ["Chromium", "CannotStart", "Keys", "DESKTOP", "PHONE", "PATIENCE"]
