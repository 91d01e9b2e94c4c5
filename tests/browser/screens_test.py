"""Each screen's story."""

import story
from chromium import Keys
from fleet import Build
from story import Story


class Inbox(Story):
    def test_tabs_and_search_are_in_the_address(self):
        browser = story.browser
        browser.open("/")
        browser.await_text("THERMOSTAT-1", "IRRIGATION-1")
        browser.press("All")
        browser.await_path("/?tab=all")
        browser.field("Search titles").send_keys("valve", Keys.ENTER)
        browser.await_path("/?tab=all&q=valve")
        browser.wait(lambda: "IRRIGATION-1" in browser.text() and "THERMOSTAT-1" not in browser.text(), "what was found")
        browser.driver.refresh()
        browser.wait(lambda: "IRRIGATION-1" in browser.text() and "THERMOSTAT-1" not in browser.text(), "the same again")
        browser.driver.back()
        browser.await_text("THERMOSTAT-1")

    def test_several_issues_are_muted_at_once(self):
        browser, fleet = story.browser, story.played["fleet"]
        fleet.model("doorbell", "Doorbell")
        bell = Build("doorbell", "0.1.0")
        fleet.release(bell)
        device, = fleet.devices("doorbell", ["Front door"])
        for kind in ("abort", "illegal"):
            fleet.crash(device, bell, kind)
        fleet.await_parsed()
        browser.open("/?model=doorbell&tab=open")
        browser.await_text("DOORBELL-1", "DOORBELL-2")

        def select_all():
            for box in browser.find("main input[type=checkbox]:not(:checked)"):
                box.click()
            return "2 issues selected" in browser.text()
        browser.wait(select_all, "two selected issues")
        browser.press("Mute…")
        browser.await_text("It goes on counting")
        browser.press("Mute")
        browser.await_text("2 issues are muted.")
        browser.press("Muted")
        browser.await_text("DOORBELL-1", "DOORBELL-2")


class Devices(Story):
    def test_a_device_is_found_by_name_and_shows_what_is_wrong_with_it(self):
        browser = story.browser
        home = story.played["homes"][4]
        browser.open("/devices")
        browser.await_text("Kitchen 4", "Rose bed")
        browser.field("Key or name of a device").send_keys("bath 17", Keys.ENTER)
        browser.await_path("/devices?q=bath")
        browser.wait(lambda: "Kitchen 4" not in browser.text(), "only what was found")
        browser.press("Bath 17")
        browser.await_path(f"/devices/{home['id']}")
        browser.await_text(home["key"], "thermostat", "1.9.0 as it said", "What is wrong with it", "Illegal instruction in fault_raise")
        browser.press("THERMOSTAT-")
        browser.await_path("/issues/THERMOSTAT-")

    def test_a_search_says_what_it_needs_and_when_it_finds_nothing(self):
        browser = story.browser
        browser.open("/devices")
        field = browser.field("Key or name of a device")
        field.send_keys("xy", Keys.ENTER)
        browser.await_text("Three letters at least")
        field.send_keys("zzy", Keys.ENTER)
        browser.await_text("No device has that in its key or name.")
        browser.press("All devices")
        browser.await_text("Kitchen 4")


class Firmware(Story):
    def test_versions_say_who_runs_them_and_what_they_did(self):
        browser = story.browser
        browser.open("/firmware?model=thermostat")
        browser.await_text("devices get 1.9.0", "1.8.1", "1.8.0")
        rows = {row[0]: row[2:9] for row in browser.cells("table[aria-label='Versions of thermostat']")}
        # Run it, crash-free, crashed, core dumps, new, regressed, fixed.
        self.assertEqual(rows["1.8.1"], ["3", "67 %", "4", "5", "4", "0", "0"])
        browser.press("5")
        browser.await_path("/coredumps?model=thermostat&version=1.8.1")
        browser.await_text("Stack overflow in task sensor")

    def test_firmware_is_uploaded_by_hand_and_what_waited_for_it_is_decoded(self):
        browser, fleet = story.browser, story.played["fleet"]
        build = Build("irrigation", "0.9.3", names=story.played["garden_names"])
        path = f"/api/iot/coredump?chip=esp32c3&firmware_version=0.9.3&device_key={story.played['gardens'][2]['key']}"
        dump = story.stack.call("POST", path, build.coredump("abort"))["coredump_id"]
        browser.wait(lambda: story.stack.call("GET", f"/api/coredumps/{dump}")["parse_status"] == "ERROR", "a verdict")
        browser.open("/firmware?model=irrigation")
        browser.await_text("0.9.3", "need its bundle")
        bundle = story.kept.parent / "irrigation-0.9.3.zip"
        bundle.write_bytes(build.bundle())
        browser.press("Upload firmware for irrigation")
        browser.field("File").send_keys(str(bundle))
        browser.press("Upload ")
        browser.await_text("Devices of irrigation get 0.9.3 from now on.", "devices get 0.9.3")
        fleet.await_parsed(dump)
        browser.open(f"/coredumps/{dump}")
        browser.await_text("Abort in fault_raise", "ELF verified")

    def test_what_is_no_firmware_is_refused_with_the_reason_and_a_request_id(self):
        browser = story.browser
        self.expected_errors = (*self.expected_errors, "/firmware ")  # chromium logs the 400
        browser.open("/firmware?model=thermostat")
        letter = story.kept.parent / "letter.zip"
        letter.write_bytes(b"Dear Coredepot")
        browser.press("Upload firmware for thermostat")
        browser.field("File").send_keys(str(letter))
        browser.press("Upload ")
        browser.await_one("dialog [role=alert]")
        self.assertRegex(browser.await_one("dialog [role=alert]").text, r"(?s).+Request [0-9a-f]{32}")
        browser.press("Cancel")
        browser.wait(lambda: not browser.find("dialog"), "the end of the dialog")


class Health(Story):
    def test_says_that_all_is_well_and_what_waits(self):
        browser = story.browser
        browser.open("/status")
        browser.await_text("Everything works.", "Database", "Disk for core dumps", "Spool", "Decoder", "Wait to be decoded")


class Errors(Story):
    def test_places_and_things_that_are_not_there_say_so(self):
        browser = story.browser
        self.expected_errors = (*self.expected_errors, "status of 404")
        for path, says in (("/issues/THERMOSTAT-999", "not found"), ("/devices/999999", "not found"),
                           ("/coredumps/999999", "not found")):
            browser.open(path)
            browser.wait(lambda says=says: says in browser.text().lower() and "Request" in browser.text(), path)
            self.expect_access()
