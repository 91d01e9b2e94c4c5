"""The server is upgraded under a page that is open."""

import story
from story import Story


def upgrade():
    """Puts another page in place, as a new package does: other names of assets, and the old ones are gone."""
    index = story.page / "index.html"
    text = index.read_text(encoding="utf-8")
    for file in list((story.page / "assets").iterdir()):
        name = file.name.replace("main-", "main-NEW")
        text = text.replace(file.name, name)
        file.rename(file.with_name(name))
    index.write_text(text, encoding="utf-8")
    (story.page / "index.html.gz").unlink(missing_ok=True)


class Upgrade(Story):
    def test_an_open_page_says_so_and_goes_on_working_until_it_is_reloaded(self):
        browser = story.browser
        browser.open("/devices")
        browser.await_text("Kitchen 4")
        old = browser.await_one("nav a[aria-current=page]") and browser.driver.execute_script(
            "return document.querySelector('script[src]').src")
        upgrade()
        self.assertEqual(story.stack.request("GET", old.removeprefix(story.stack.url))[0], 404)
        # What the browser says when somebody comes back to the tab.
        browser.driver.execute_script("document.dispatchEvent(new Event('visibilitychange'))")
        browser.await_text("Coredepot was upgraded.")
        browser.press("Firmware")
        browser.await_text("devices get 1.9.0", "Coredepot was upgraded.")
        browser.press("Reload")
        browser.wait(lambda: browser.find("script[src*='main-NEW']"), "the new page")
        browser.await_text("devices get 1.9.0")
        self.assertNotIn("upgraded", browser.text())
