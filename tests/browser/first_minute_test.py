"""What an engineer does in the first minute, without a manual."""

import story
from chromium import Keys
from story import Story


class FirstMinute(Story):
    def test_from_the_newest_regression_to_its_cause_and_the_next_upload(self):
        browser, issue = story.browser, story.played["regressed"]
        browser.open("/?model=thermostat")
        browser.await_text("regressed", issue, "Store to invalid address at 0x5 in relay_set_duty")
        browser.press("Store to invalid address at 0x5 in relay_set_duty")
        browser.await_path(f"/issues/{issue}")
        # On how many devices, since which version.
        browser.await_text("7 devices", "10 core dumps", "since 1.8.0", "1.9.0")
        # Where, and which variable was null: the argument stands in the frame's line.
        browser.await_text("relay_set_duty", "relay=0x0", "heater.c:41")
        self.assertIn("null pointer", browser.text())
        # What the core dumps have in common, and what happened.
        browser.await_text("ELF verified", "regressed in 1.9.0 by core dump")
        browser.press("Resolve…")
        browser.await_text("Where is it fixed?", "In the next version that is uploaded")
        browser.type(Keys.ENTER)
        browser.await_text(f"{issue} is resolved in the next upload.", "Open again")
        self.assertTrue(story.stack.call("GET", f"/api/issues/{issue}")["fixed_in_next"])
        # And it was a mistake.
        browser.press("Open again")
        browser.await_text(f"{issue} is open.")

    def test_a_core_dump_shows_what_its_device_knew(self):
        browser = story.browser
        issue = story.played["regressed"]
        dump = story.stack.call("GET", f"/api/issues/{issue}/coredumps?limit=1")["coredumps"][0]
        browser.open(f"/coredumps/{dump['id']}")
        browser.await_text("relay_set_duty", "relay", "0x0", "ELF verified", issue, "1.9.0")
        browser.await_text("Tasks", "main", "uplink", "sensor", "IDLE")
        for frame in ("heater_drive", "regulate_zone"):
            self.assertIn(frame, browser.text())
        browser.press(issue)
        browser.await_path(f"/issues/{issue}")
        browser.driver.back()
        browser.await_path(f"/coredumps/{dump['id']}")
        browser.await_text("relay_set_duty")
