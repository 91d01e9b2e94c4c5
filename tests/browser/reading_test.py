"""On which screens, and by whom, the page can be read and used."""

import story
from chromium import DESKTOP, PHONE, Keys
from story import Story


def places():
    issue = story.played["regressed"]
    dump = story.stack.call("GET", f"/api/issues/{issue}/coredumps?limit=1")["coredumps"][0]["id"]
    device = story.played["homes"][0]["id"]
    return {"/": "THERMOSTAT-1", f"/issues/{issue}": "heater_drive", f"/issues/{issue}?tab=devices": "heater_drive",
            f"/coredumps/{dump}": "heater_drive", "/coredumps": "relay_set_duty", "/devices": "Kitchen 4",
            f"/devices/{device}": "THERMOSTAT-1", "/firmware": "1.9.0", "/status": "Everything works."}


class Reading(Story):
    def test_names_and_contrasts_suffice_in_light_and_dark(self):
        for dark in (False, True):
            for place, text in places().items():
                with self.subTest(place, dark=dark):
                    story.browser.look(DESKTOP, dark)
                    story.browser.open(place)
                    story.browser.await_text(text)
                    self.expect_access()

    def test_nothing_has_to_be_scrolled_sideways_on_a_phone(self):
        story.browser.look(PHONE)
        for place, text in places().items():
            with self.subTest(place):
                story.browser.open(place)
                story.browser.await_text(text)
                self.assertLessEqual(story.browser.width_of_content(), PHONE[0])
                self.expect_access()

    def test_times_have_their_zone_and_utc_on_hover(self):
        story.browser.open(f"/issues/{story.played['regressed']}")
        story.browser.await_text("last ")
        titles = [one.get_attribute("title") for one in story.browser.find("time")]
        self.assertTrue(titles)
        for title in titles:
            self.assertRegex(title, r"\n\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$")


class Keyboard(Story):
    def test_from_the_inbox_to_a_resolution_without_a_mouse(self):
        browser = story.browser
        browser.open("/?model=thermostat&tab=open&sort=devices")
        browser.await_text("THERMOSTAT-1", "Stack overflow in task sensor")
        for keys in ("j", "jk"):
            browser.type(*keys)
            browser.wait(lambda: "relay_set_duty" in browser.focused().text, "the focus on the first issue")
        browser.type("x")
        browser.await_text("1 issue selected")
        browser.type("x", Keys.ENTER)
        browser.await_path("/issues/THERMOSTAT-1")
        browser.await_text("heater_drive", "Resolve…")
        browser.type("e")
        browser.await_text("Where is it fixed?")
        browser.type(Keys.ESCAPE)
        browser.wait(lambda: not browser.find("dialog[open]"), "the end of the dialog")
        browser.type("m")
        browser.await_text("It goes on counting")
        browser.type(Keys.ESCAPE)
        browser.wait(lambda: not browser.find("dialog[open]"), "the end of the dialog")
        browser.type("e")
        browser.await_text("Where is it fixed?")
        browser.type(Keys.ENTER)
        browser.await_text("THERMOSTAT-1 is resolved in the next upload.")
        browser.type("o")
        browser.await_text("THERMOSTAT-1 is open.")

    def test_every_screen_has_a_key_and_help_lists_them(self):
        browser = story.browser
        browser.open("/")
        browser.await_text("THERMOSTAT-1")
        for key, path in (("d", "/devices"), ("f", "/firmware"), ("h", "/status"), ("i", "/")):
            browser.type("g", key)
            browser.wait(lambda: browser.path.split("?")[0] == path, f"the place {path}")
        browser.type("?")
        browser.wait(lambda: "next issue" in browser.await_one("dialog[open]").text, "the keys")
        self.expect_access()
        browser.type(Keys.ESCAPE)
        browser.wait(lambda: not browser.find("dialog[open]"), "the end of the help")
        browser.type("/")
        browser.wait(lambda: browser.focused().get_attribute("id") == "search", "the focus in the search")
        browser.focused().send_keys("irrigation-1", Keys.ENTER)
        browser.await_path("/issues/IRRIGATION-1")

    def test_a_closed_dialog_does_not_take_the_focus_back(self):
        browser = self.help_above_an_issue()
        # In one turn, as when the page has not yet drawn that the dialog is closed while the reader goes on.
        browser.driver.execute_script(
            "document.querySelector('dialog').close(); document.getElementById('search').focus()")
        browser.wait(lambda: not browser.find("dialog"), "the end of the help")
        self.assertEqual(browser.focused().get_attribute("id"), "search")

    def test_a_dialog_closed_by_its_button_gives_the_focus_back(self):
        browser = self.help_above_an_issue()
        browser.press("Close")
        browser.wait(lambda: browser.focused().tag_name == "a", "the focus on the issue")

    def help_above_an_issue(self):
        browser = story.browser
        browser.open("/")
        browser.await_text("THERMOSTAT-1")
        browser.type("j")
        browser.wait(lambda: browser.focused().tag_name == "a", "the focus on an issue")
        browser.type("?")
        browser.await_one("dialog[open]")
        return browser

    def test_tab_reaches_the_content_at_once(self):
        browser = story.browser
        browser.open("/firmware")
        browser.await_text("1.9.0")
        browser.type(Keys.TAB)
        self.assertEqual(browser.focused().text, "Skip to the content")
        browser.type(Keys.ENTER, Keys.TAB)
        browser.wait(lambda: browser.driver.execute_script("return document.querySelector('main').contains(document.activeElement)"),
                     "the focus in the content")
