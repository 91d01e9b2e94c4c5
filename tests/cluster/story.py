"""What happens to the rig, act by act, while devices go on crashing."""

import statistics
import sys
import threading
import time

import balancer
import ledger as ledgers
from host import SOURCE, ask
from waiting import Failed, until

sys.path.insert(0, str(SOURCE / "tests/browser"))
from crash import Build  # noqa: E402

IN_A_ROW = 20  # uploads that are stored without a break: it is well again


class Reads:
    """Somebody who looks at lists all the time, through the balancer. What is not answered 200 is counted."""

    def __init__(self, device):
        self._path = f"/api/devices/{device['id']}/coredumps?limit=5"
        self._done = threading.Event()
        self.answers = []  # (when it was asked for, for how long, status)
        self._threads = [threading.Thread(target=self._run, daemon=True) for _ in range(4)]
        for thread in self._threads:
            thread.start()

    def _run(self):
        while not self._done.wait(0.2):
            asked = time.monotonic()
            status = ask(balancer.PORT, self._path)[0]
            self.answers.append((asked, time.monotonic() - asked, status))

    def since(self, moment):
        """How many were asked for, and how many not answered; how long the slowest took."""
        took = [(seconds, status) for asked, seconds, status in list(self.answers) if asked >= moment]
        return len(took), sum(status != 200 for _, status in took), max((seconds for seconds, _ in took), default=0.0)

    def stop(self):
        self._done.set()
        for thread in self._threads:
            thread.join()


class Story:
    """`pace`: uploads between two acts. `threads`: of devices that upload at the same time.

    standstill   of a standby, in seconds: long enough for backends to pile up, if they did
    """

    def __init__(self, rig, pace, threads, standstill, say):
        self.rig, self.pace, self._threads, self._standstill, self._say = rig, pace, threads, standstill, say
        self.figures = []  # (act, what)
        self.ledger = self.load = self.reads = None
        self.lost_spool = set()  # devices and names of core dumps in the spools of hosts that are gone
        self._act, self._since = "", 0.0
        self._moved = None  # the folder that files are moved into

    # How an act is told.

    def _begin(self, act):
        self._say(f"== {act}")
        self._act = self.ledger.act = act
        if self.load and self.load.goes_on:
            self._more_uploads()
        self._since = time.monotonic()

    def _note(self, figure):
        self.figures.append((self._act, figure))
        self._say(f"   {figure}")

    def _more_uploads(self):
        wanted = len(self.ledger.entries) + self.pace
        until("devices upload", lambda: len(self.ledger.entries) >= wanted, 120)

    def _await_spooled(self, count=10):
        """Until so many of this act were answered 202."""
        until(f"{count} uploads are answered 202", lambda: self.ledger.count("spooled", self._act) >= count, 120)

    def _await_stored(self, what, since):
        """Until uploads are stored again without a break; notes how long it took until the first of these."""
        def good():
            entries = [entry for entry in self.ledger.entries if entry.at >= since]
            run = entries[-IN_A_ROW:]
            return len(run) == IN_A_ROW and all(entry.kind == "stored" for entry in run)
        until(f"{IN_A_ROW} uploads in a row are stored", good, 120)
        entries = [entry for entry in self.ledger.entries if entry.at >= since]
        broken = [number for number, entry in enumerate(entries) if entry.kind != "stored"]
        first = entries[broken[-1] + 1 if broken else 0]
        self._note(f"uploads are stored again {first.at - since:.1f} s after {what}")

    def _await_empty_spools(self, since=None):
        """Until what was answered 202 has rows: of every host that is left, and of the store."""
        def empty():
            if self.rig.store and self.rig.keys("spool/"):
                return False
            return all(b'"spool":"empty"' in host.ask("/health")[1] for host in self.rig.hosts.values())
        until("the spools are empty", empty, 180, 0.2)
        if since:
            self._note(f"spools are empty {time.monotonic() - since:.1f} s after it")

    def _note_reads(self):
        count, bad, slowest = self.reads.since(self._since)
        self._note(f"{bad} of {count} lists were not answered, the slowest answer took {slowest:.1f} s")

    # The acts.

    def prepare(self):
        """Models, devices, firmware."""
        host = self.rig.hosts["b"]
        build = Build("thermostat", "1.0.0")
        host.call("POST", "/api/device-models", {"code": "thermostat", "name": "Thermostat"})
        model = host.call("POST", "/api/device-models", {"code": "sender", "name": "Sender"})
        devices = [host.call("POST", "/api/devices", {"device_model_id": model["id"]}) for _ in range(8)]
        host.call("POST", "/api/pipeline/models/thermostat/firmware", build.bundle())
        self.ledger = ledgers.Ledger(devices)

    def crash_all_the_while(self):
        """From here on to the end."""
        self.load = ledgers.Load(self.ledger, self._threads, 0.1)
        self.reads = Reads(self.ledger.devices[0])

    def parse_elsewhere(self, count):
        """Host a has no decoder: what it takes in is parsed by the runner of host b, which watches the queue."""
        self._begin("a core dump of one host is parsed by another")
        a, b = self.rig.hosts["a"], self.rig.hosts["b"]
        build = Build("thermostat", "1.0.0")
        model = next(one for one in b.call("GET", "/api/device-models")["device_models"] if one["code"] == "thermostat")
        device = b.call("POST", "/api/devices", {"device_model_id": model["id"]})
        took = []
        for _ in range(count):
            sent = a.call("POST", "/api/iot/coredump?chip=esp32c3&firmware_version=1.0.0&device_key=" + device["key"],
                          build.coredump("store"))
            began = time.monotonic()
            until("it is parsed", lambda sent=sent: b.has_parsed(device, sent["filename"]), 120, 0.02)
            took.append(time.monotonic() - began)
        self._note(f"{count} parsed, {statistics.median(took):.2f} s after the answer (median), "
                   f"{max(took):.2f} s at most")

    def lose_osd(self):
        self._begin("an OSD is killed")
        self.rig.store.kill_osd(1)
        self._await_stored("the kill", self._since)
        self._more_uploads()
        self.rig.store.start_osd(1)
        began = time.monotonic()
        self.rig.store.wait_until_clean()
        self._note(f"Ceph is clean {time.monotonic() - began:.1f} s after it came back")
        self._await_empty_spools(began)

    def lose_host(self):
        """And its state: what only its spool had is gone, as documented."""
        self._begin("a host is killed, and its state folder is gone")
        self.lost_spool = self.rig.hosts.pop("a").die()
        self._await_stored("the kill", self._since)
        until("the balancer has noticed", lambda: not self.rig.balancer.states("uploads")["a"])
        self._note(f"HAProxy sends it nothing {time.monotonic() - self._since:.1f} s after the kill")
        began = time.monotonic()
        new = self.rig.add_host("c", PARSE_SIDECAR_URL="")
        new.wait_until_ready()
        until("the balancer has noticed", lambda: self.rig.balancer.states("uploads")["c"])
        self._note(f"a new host takes part {time.monotonic() - began:.1f} s after its start")
        self._more_uploads()

    def lose_standby(self):
        """The synchronous one, without a word: each commit waits for it."""
        self._begin("the synchronous standby stands still")
        database = self.rig.database
        database.standby.freeze()
        waiting, end = [], time.monotonic() + self._standstill

        def spooled():
            waiting.append(database.primary.waiting_for_standby())
            return time.monotonic() > end and self.ledger.count("spooled", self._act) >= IN_A_ROW
        until("uploads are answered 202", spooled, 180, 0.2)
        self._note(f"{max(waiting)} backends waited for it at most in {self._standstill} s, {waiting[-1]} at last")
        began = time.monotonic()
        database.primary.wait_for_standby(False)  # as Patroni would
        self._await_stored("commits wait no more", began)
        self._await_empty_spools(began)
        database.standby.thaw()
        database.primary.wait_for_standby(True)
        until("the standby is synchronous again", lambda: database.primary.has_synchronous_standby)
        self._more_uploads()
        self._note_reads()

    def lose_primary(self):
        self._begin("the primary is killed, the standby promoted")
        database = self.rig.database
        database.primary.kill()
        self._await_spooled()
        began = time.monotonic()
        database.fail_over()
        self._await_stored("the promotion began", began)
        self._await_empty_spools(began)
        database.add_standby()
        self._note_reads()

    def lose_gateways(self):
        """And with them a host, of which what only its spool had is gone, as documented."""
        self._begin("the gateways to the object store are killed, all at once, and then a host")
        self.rig.store.kill_gateways()
        until("uploads wait in its spool", lambda: any(
            entry.host == "c" and entry.kind == "spooled" and entry.act == self._act for entry in self.ledger.entries), 120)
        self._await_spooled()
        lost = self.rig.hosts.pop("c").die()
        self.lost_spool |= lost
        self._note(f"{len(lost)} core dumps were only in the spool of that host")
        began = time.monotonic()
        self.rig.store.start_gateways()
        self._note(f"they answer {time.monotonic() - began:.1f} s after their start")
        began = time.monotonic()
        self._await_stored("that", began)
        self._await_empty_spools(began)

    def keep_database(self):
        self.rig.database.keep()
        self._say("   (a backup of the database is made)")

    def restore_database(self):
        """The older one: what came since then has no rows until fsck makes them."""
        self._begin("an older database is restored, fsck makes the missing rows")
        def count():
            return int(self.rig.database.rows("SELECT count(*) FROM coredumps"))
        before = count()
        self.rig.database.restore()
        after = count()
        self._note(f"{before} rows before, {after} after it was restored")
        began = time.monotonic()
        done = self.rig.tool("coredepot-fsck", "--repair", "--age", "0", "--settle", "0")
        mended = count()
        self._note(f"{mended} rows after fsck (exit {done.returncode}), which took {time.monotonic() - began:.1f} s")
        # More are those whose host was killed between the file and its row.
        if mended < before:
            raise Failed(f"fsck made {mended} rows of {before}: {done.stdout[-2000:]} {done.stderr[-2000:]}")

    def add_host_with_folder(self):
        """Which has the bucket, too, so that files can be moved between the two: host d."""
        self._moved = self.rig.folder / "moved"
        self._moved.mkdir()
        self.rig.add_host("d", COREDUMPS_DIR=str(self._moved), PARSE_SIDECAR_URL="").wait_until_ready()

    def move(self, direction):
        """All core dumps and firmware: `--to-folder` or `--to-bucket`."""
        self._begin(f"everything is moved {direction[2:].replace('-', ' the ')}")
        done = self.rig.tool("coredepot-migrate-objects", "--grace", "1", direction, host="d")
        objects, files = len(self.rig.keys("coredumps/")), len(list(self._moved.glob("*/*.dmp")))
        self._note(f"{objects} objects and {files} files after {time.monotonic() - self._since:.1f} s")
        left = objects if direction == "--to-folder" else files
        if done.returncode or left:
            raise Failed(f"{left} are left (exit {done.returncode}): {done.stdout[-2000:]} {done.stderr[-2000:]}")

    def _end_load(self):
        self.load.stop()
        self.reads.stop()
        self._await_empty_spools()

    def judge(self, by="b"):
        """Everything that was acknowledged is there, once, as a host shows it. Returns complaints."""
        self._begin("the ledger")
        self._end_load()
        self.rig.database.await_replay()
        entries = self.ledger.entries
        times, missing = ledgers.found(self.rig.hosts[by], self.ledger.devices)
        promised = [entry for entry in entries if entry.kind in ("stored", "spooled")]
        apart = [entry for entry in promised if (entry.device, entry.filename) in self.lost_spool]
        lost = [entry for entry in promised if entry.sha256 not in times and entry not in apart]
        doubled = [sha256 for sha256, count in times.items() if count > 1]
        strangers = set(times) - {entry.sha256 for entry in entries}
        # The host that was killed may have answered 503 with its last breath.
        refused = [entry for entry in entries if entry.kind == "refused" and entry.host in self.rig.hosts]
        self._note(f"{len(entries)} uploads: {self.ledger.tally()}")
        self._note(f"{len(promised)} acknowledged, {sum(entry.sha256 in times for entry in promised)} found, "
                   f"{len(lost)} lost, {len(doubled)} doubled")
        self._note(f"{len(apart)} of them were only in the spool of a host that was destroyed, "
                   f"of which {sum(entry.sha256 in times for entry in apart)} were found all the same")
        if self.rig.store:
            objects, rows = self.rig.keys("coredumps/"), self.rig.database.rows("SELECT count(*) FROM coredumps")
            self._note(f"{len(objects)} objects of core dumps, {rows} rows")
        known = [line for line in self.rig.hosts["b"].log("access") if line.startswith(ledgers.ADDRESS + " ")]
        if not known:
            return ["host b does not know the addresses of devices"]
        return [f"{len(what)} {name}: {what[:5]}" for name, what in (
            ("were acknowledged and are not there", lost), ("are there more than once", doubled),
            ("have rows but no file", missing), ("are there and were never sent", sorted(strangers)),
            ("were refused by a host", refused)) if what]
