"""Who is told of issues, set up on the page, with a receiver of our own."""

import http.server
import json
import threading

import story
from story import Story


class Receiver(http.server.BaseHTTPRequestHandler):
    """Takes webhooks, and keeps what it got."""

    got = []

    def do_POST(self):  # noqa: N802, as http.server has it
        body = self.rfile.read(int(self.headers["Content-Length"]))
        Receiver.got.append((self.headers["webhook-signature"], json.loads(body)))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"<b>thanks</b>")

    def log_message(self, *_):
        pass


class Alerts(Story):
    def setUp(self):
        super().setUp()
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)

    def test_a_webhook_is_added_tried_changed_and_deleted(self):
        browser = story.browser
        browser.open("/status")
        browser.await_text("Nobody is told of new and regressed issues.")
        browser.press("Add a target…")
        browser.field("Name").send_keys("On call")
        browser.field("URL").send_keys(f"http://127.0.0.1:{self.server.server_port}/crashes")
        self.assertRegex(browser.field("Secret").get_attribute("value"), r"^whsec_[A-Za-z0-9+/]{43}=$")
        self.expect_access()
        browser.press("Add")
        browser.await_text("On call is told from now on.", "new issues, regressions")
        browser.press("Send On call a test message")
        browser.wait(lambda: Receiver.got, "the message")
        self.assertTrue(Receiver.got[0][0].startswith("v1,"))
        browser.await_text("delivered", "200", "its answer")
        browser.press("its answer")
        browser.await_text("<b>thanks</b>")
        self.expect_access()
        browser.press("Change On call")
        browser.field("Devices at least").send_keys("5")
        browser.press("Save")
        browser.await_text("On call is changed.", "from 5 devices on")
        browser.press("Delete On call")
        browser.press("Delete")
        browser.await_text("On call is told nothing any more.", "Nobody is told")
