"""Names that somebody made up to do harm: markup, escape sequences of terminals, overrides of writing direction."""

import story
from fleet import HOSTILE, Build
from story import Story


class Hostile(Story):
    @classmethod
    def setUpClass(cls):
        fleet = story.played["fleet"]
        fleet.model("hostile", "<img src=x:y onerror=alert(1)>")
        build = Build("hostile", "6.6.6<b>", names=HOSTILE)
        fleet.release(build)
        cls.device, = fleet.devices("hostile", ["<script>alert(1)</script>\u202etxt.exe\x1b[2J"])
        cls.dump = fleet.crash(cls.device, build)
        fleet.await_parsed()
        cls.issue = fleet.issue_of(cls.dump)

    def test_is_text_everywhere_and_nothing_of_it_is_hidden(self):
        browser = story.browser
        for place, text in {"/?model=hostile": "<img src=x:y>", f"/issues/{self.issue}": "<img src=x:y>",
                            f"/coredumps/{self.dump}": "</p>", "/devices": "<script>alert(1)</script>",
                            f"/devices/{self.device['id']}": "<script>alert(1)</script>",
                            "/firmware?model=hostile": "6.6.6<b>", "/coredumps": "<img src=x:y>"}.items():
            with self.subTest(place):
                browser.open(place)
                browser.await_text(text)
                self.assertEqual(browser.find("main img, main script, main iframe"), [], "markup became elements")
                hidden = [letter for letter in browser.driver.execute_script("return document.body.textContent")
                          if letter in "\u202e\u202d\u2066\u2067\x1b\x07\x00"]
                self.assertEqual(hidden, [], "one does not see these")
                self.expect_access()

    def test_what_the_policy_forbids_is_blocked_and_reported_to_the_log(self):
        browser = story.browser
        self.expected_errors = (*self.expected_errors, "Content Security Policy", "Content-Security-Policy",
                                "Trusted")
        browser.open("/status")
        browser.await_text("Everything works.")
        ran = browser.driver.execute_script("""
            const script = document.createElement('script');
            try { script.textContent = 'window.ran = 1'; document.body.append(script); } catch { }
            const style = document.createElement('style');
            style.textContent = 'body { display: none }';
            document.body.append(style);
            const image = document.createElement('img');
            image.src = 'http://elsewhere.invalid/x.png';
            document.body.append(image);
            try { document.body.innerHTML = '<b>x</b>'; return 'innerHTML'; } catch { return window.ran ?? null; }
        """)
        browser.take_requests()  # chromium counts a request that it blocked
        self.assertIsNone(ran)
        log = story.stack.state / "log/session.log"
        for directive in ("img-src", "style-src", "require-trusted-types-for"):
            browser.wait(lambda directive=directive: directive in log.read_text(encoding="utf-8"), f"{directive} in the log")
