"""What people do to issues and core dumps, alone and at the same time."""

import story
from fleet import Build
from story import Story


class Triage(Story):
    @classmethod
    def setUpClass(cls):
        fleet = story.played["fleet"]
        fleet.model("boiler", "Boiler")
        build = Build("boiler", "2.0.0")
        fleet.release(build)
        device, = fleet.devices("boiler", ["Cellar"])
        cls.dumps = [fleet.crash(device, build, kind) for kind in ("abort", "assert", "illegal")]
        fleet.await_parsed()
        cls.abort, cls.assertion, cls.illegal = (fleet.issue_of(dump) for dump in cls.dumps)

    def change(self, issue, change):
        story.stack.call("PATCH", f"/api/issues/{issue}", change)

    def test_two_people_do_not_undo_each_other(self):
        browser = story.browser
        self.expected_errors = (*self.expected_errors, "status of 412")
        browser.open(f"/issues/{self.abort}")
        browser.await_text("Abort in fault_raise", "Resolve…")
        browser.press("Resolve…")
        browser.await_text("Where is it fixed?")
        self.change(self.abort, {"ticket_url": "https://tickets.example/BOILER-7"})
        browser.press("Resolve")
        browser.await_text("Somebody was faster, and nothing was changed.", "↗ BOILER-7")
        self.assertEqual(story.stack.call("GET", f"/api/issues/{self.abort}")["state"], "open")
        browser.press("Resolve…")
        browser.press("Resolve")
        browser.await_text(f"{self.abort} is resolved in the next upload.", "Open again")

    def test_a_merge_leads_to_the_other_issue_and_a_split_takes_it_back(self):
        browser = story.browser
        browser.open(f"/issues/{self.illegal}")
        browser.press("Merge…")
        browser.field("Name of the other issue").send_keys(self.assertion.lower())
        browser.press("Merge")
        browser.await_path(f"/issues/{self.assertion}")
        browser.await_text("Signatures (2)", "took in")
        browser.press("Signatures (2)")
        rows = browser.wait(lambda: browser.find("main table[aria-label=Signatures] tbody tr"), "the signatures")
        row = next(row for row in rows if "Illegal instruction" in row.text)
        row.find_element("css selector", "button").click()
        browser.await_text("is an issue of its own now.", "Signatures (1)")
        self.assertNotIn(browser.path, (f"/issues/{self.assertion}", f"/issues/{self.illegal}"))
        browser.open(f"/issues/{self.illegal}")
        browser.await_text("It is part of another issue now.")
        self.assertNotIn("Resolve…", browser.text())

    def test_a_comment_stays_a_text_and_its_draft_stays_while_it_is_written(self):
        browser = story.browser
        said = "<b>Seen</b> in\nthe cellar"
        browser.open(f"/issues/{self.assertion}")
        browser.field("Comment").send_keys(said)
        browser.await_one(".comment-form button")
        browser.open(f"/issues/{self.assertion}")
        browser.wait(lambda: browser.field("Comment").get_attribute("value") == said, "the draft")
        browser.press("Comment")
        # The draft goes when the answer is there; before that, the text on the page is the draft.
        browser.wait(lambda: browser.field("Comment").get_attribute("value") == "", "an empty field")
        browser.await_text(said)

    def test_a_core_dump_that_is_decoded_again_shows_so_by_itself(self):
        browser = story.browser
        before = story.stack.call("GET", f"/api/coredumps/{self.dumps[1]}")["parsed_at"]
        browser.open(f"/coredumps/{self.dumps[1]}")
        browser.press("Decode again")
        browser.await_text("It is back in the queue.")
        story.played["fleet"].await_parsed(self.dumps[1])
        browser.wait(lambda: "Decode again" in browser.text() and "Backtrace" in browser.text(), "the result")
        self.assertGreater(story.stack.call("GET", f"/api/coredumps/{self.dumps[1]}")["parsed_at"], before)
