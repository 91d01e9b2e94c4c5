"""What tests of the page have in common: one stack, one browser, one fleet; and what has to hold after each."""

import pathlib
import unittest

# Of the run; see run.
stack = None
browser = None
played = None
page = None  # the folder of the page's files, a copy that tests may change
kept = pathlib.Path("screenshots")


class Story(unittest.TestCase):
    """A test that opens the page. After each: no error in the console, and no request to another host.

    expected_errors   texts; a line in the console may be an error if it has one of them
    """

    expected_errors = ()

    def setUp(self):
        browser.look()
        browser.take_console()
        browser.take_requests()
        self.addCleanup(self._expect_quiet)

    def _expect_quiet(self):
        errors = [text for level, text in browser.take_console()
                  if level in ("SEVERE", "WARNING") and not any(known in text for known in self.expected_errors)]
        elsewhere = [url for url in browser.take_requests() if not url.startswith(stack.url + "/")]
        self.assertEqual(errors, [], "in the console")
        self.assertEqual(elsewhere, [], "asked other hosts")

    def expect_access(self):
        self.assertEqual(browser.faults_of_access(), [])

    def expect_fits(self):
        width = browser.driver.execute_script("return window.innerWidth")
        self.assertLessEqual(browser.width_of_content(), width, "there is something to scroll sideways")


class Keeper(unittest.TextTestResult):
    """Keeps what was to be seen when a test failed."""

    def _keep(self, test):
        name = test.id().replace("/", "_")
        try:
            kept.mkdir(parents=True, exist_ok=True)
            browser.keep(kept / f"{name}.png")
            (kept / f"{name}.txt").write_text(
                "\n".join([browser.driver.current_url, browser.text(), *map(str, browser.take_console())]),
                encoding="utf-8")
            self.stream.writeln(f"kept: {kept / name}.png and .txt")
        except Exception as reason:  # pylint: disable=broad-except  # the test's own failure counts
            self.stream.writeln(f"nothing could be kept: {reason}")

    def addFailure(self, test, err):
        self._keep(test)
        super().addFailure(test, err)

    def addError(self, test, err):
        self._keep(test)
        super().addError(test, err)
