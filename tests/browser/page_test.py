"""What holds for the page as a whole."""

from story import Story
import story


class Page(Story):
    def test_shows_the_inbox_first(self):
        browser = story.browser
        browser.open("/")
        browser.await_one("nav a[aria-current=page]")
        self.assertTrue(browser.driver.title.endswith("Coredepot"), browser.driver.title)
