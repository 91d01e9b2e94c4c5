"""Ceph with all that makes it Ceph, small: a monitor, a manager, three OSDs and two gateways that speak S3.

It runs in a Debian of its own (.ci/make-root), because its packages are many and its libraries large.
"""

import json
import os
import pathlib
import secrets
import uuid

from child import Child, run
from objects import Objects
from waiting import Failed, until

SOURCE = pathlib.Path(__file__).resolve().parents[2]
PACKAGES = ("ceph-mon", "ceph-mgr", "ceph-osd", "radosgw", "ceph-common")
OSDS = (0, 1, 2)

# cephx is on: it is the default. Memory and threads are as few as it takes; the rest is about time: an OSD that
# was killed is noticed at once where its port is refused, else after 4 s instead of 20.
CONFIGURATION = """
[global]
fsid = {fsid}
mon_initial_members = a
mon_host = [v2:127.0.0.1:3300/0,v1:127.0.0.1:6789/0]
public_network = 127.0.0.0/8
ms_bind_ipv6 = false
keyring = /var/lib/ceph/$name.keyring
log_file = /var/lib/ceph/log/$name.log
admin_socket = /var/lib/ceph/$name.asok
run_dir = /var/lib/ceph
pid_file =
crash_dir = /var/lib/ceph/crash
osd_pool_default_size = 3
osd_pool_default_min_size = 2
osd_pool_default_pg_num = 8
osd_pool_default_pg_autoscale_mode = off
osd_crush_chooseleaf_type = 0
mon_cluster_log_file = /var/lib/ceph/log/cluster.log
debug_rgw = 0
debug_osd = 0
debug_mon = 0
mon_max_pg_per_osd = 1000
[mon]
keyring = /var/lib/ceph/mon.keyring
mon_data = /var/lib/ceph/mon
mon_data_avail_crit = 1
mon_data_avail_warn = 2
mon_osd_min_down_reporters = 1
mon_osd_down_out_interval = 3600
mon_warn_on_insecure_global_id_reclaim = false
mon_warn_on_insecure_global_id_reclaim_allowed = false
[mgr]
mgr_data = /var/lib/ceph/mgr
mgr_initial_modules =
mgr_disabled_modules = alerts cephadm dashboard diskprediction_local influx insights iostat k8sevents localpool \
    mds_autoscaler mirroring nfs osd_perf_query osd_support prometheus restful rook selftest snap_schedule stats \
    telegraf test_orchestrator zabbix
[osd]
osd_data = /var/lib/ceph/osd$id
bluestore_block_size = 4294967296
bluestore_cache_autotune = false
bluestore_cache_size = 33554432
osd_memory_target = 939524096
osd_heartbeat_interval = 1
osd_heartbeat_grace = 4
osd_op_num_shards = 2
osd_op_num_threads_per_shard = 1
[client]
rgw_thread_pool_size = 32
rgw_enable_usage_log = false
rgw_run_sync_thread = false
rgw_num_rados_handles = 1
"""


class Ceph:
    """Runs from start() until the rig's process namespace ends."""

    gateways = {"rgw1": 7481, "rgw2": 7482}

    def __init__(self, folder, debian):
        self.folder, self.debian = folder, debian
        self.root, self.data = folder / "root", folder / "data"
        self.children = {}
        self.fsid = str(uuid.uuid4())
        self.access_key, self.secret_key = secrets.token_hex(10).upper(), secrets.token_hex(20)

    @staticmethod
    def make_root():
        """The folder of its Debian; Failed where there can be none."""
        suite = run(["sh", "-c", ". /etc/os-release && echo $VERSION_CODENAME"]).strip()
        return pathlib.Path(run([SOURCE / ".ci/make-root", suite, "cluster", *PACKAGES],
                                env=dict(os.environ), patience=1800).strip())

    def start(self):
        """The Debian itself stays as it is."""
        for path in (self.root, *(self.data / name for name in ("log", "crash", "mon", "mgr"))):
            path.mkdir(parents=True, exist_ok=True)
        run(["mount", "--bind", self.debian, self.root])
        run(["mount", "-o", "remount,bind,ro", self.root])
        run(["mount", "--bind", self.data, self.root / "var/lib/ceph"])
        run(["mount", "-t", "proc", "proc", self.root / "proc"])
        run(["mount", "--rbind", "/dev", self.root / "dev"])
        (self.data / "ceph.conf").write_text(CONFIGURATION.format(fsid=self.fsid), encoding="utf-8")
        self._start_monitor()
        self._make_key("mgr.a", mon="allow profile mgr", osd="allow *", mds="allow *")
        self._daemon("mgr.a", "ceph-mgr", "-i", "a")
        for number in OSDS:
            self._make_osd(number)
            self.start_osd(number)
        self._wait_until("all OSDs are up", lambda: self._status()["osdmap"]["num_up_osds"] == len(OSDS))
        for name in self.gateways:
            self._make_key(f"client.{name}", mon="allow rw", osd="allow rwx")
        self.start_gateways()
        self._ceph_tool("radosgw-admin", "user", "create", "--uid=coredepot", "--display-name=Coredepot",
                        f"--access-key={self.access_key}", f"--secret-key={self.secret_key}",
                        "--name=client.rgw1")
        Objects(self.gateways["rgw1"], self.access_key, self.secret_key, "coredepot").make_bucket()

    def _in_root(self, *command):
        return ["chroot", self.root, "/usr/bin/env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8",
                "HOME=/var/lib/ceph", "TMPDIR=/var/lib/ceph", "CEPH_CONF=/var/lib/ceph/ceph.conf", *command]

    def _ceph_tool(self, *command, stdin=None):
        return run(self._in_root(*command), stdin=stdin)

    def _ceph(self, *command, stdin=None):
        return self._ceph_tool("ceph", "--name=client.admin", "--connect-timeout=60", *command, stdin=stdin)

    def _daemon(self, name, program, *arguments):
        self.children[name] = Child(name, self._in_root(program, "-f", "--setuser=root", "--setgroup=root", *arguments),
                                    self.folder / f"{name}.log")

    def _make_key(self, name, **capabilities):
        words = [word for pair in capabilities.items() for word in pair]
        self._ceph("auth", "get-or-create", name, *words, "-o", f"/var/lib/ceph/{name}.keyring")

    def _start_monitor(self):
        admin, monitor = "/var/lib/ceph/client.admin.keyring", "/var/lib/ceph/mon.keyring"
        self._ceph_tool("ceph-authtool", "--create-keyring", admin, "--gen-key", "-n", "client.admin", "--cap", "mon",
                        "allow *", "--cap", "osd", "allow *", "--cap", "mgr", "allow *")
        self._ceph_tool("ceph-authtool", "--create-keyring", monitor, "--gen-key", "-n", "mon.", "--cap", "mon",
                        "allow *", "--import-keyring", admin)
        self._ceph_tool("monmaptool", "--create", "--fsid", self.fsid, "--addv", "a",
                        "[v2:127.0.0.1:3300,v1:127.0.0.1:6789]", "/var/lib/ceph/monmap")
        self._ceph_tool("ceph-mon", "--mkfs", "-i", "a", "--monmap=/var/lib/ceph/monmap", f"--keyring={monitor}")
        self._daemon("mon.a", "ceph-mon", "-i", "a")
        self._wait_until("the monitor has a quorum", lambda: self._status()["quorum_names"] == ["a"])

    def _make_osd(self, number):
        """On a file that is as large as it is used."""
        name = f"osd.{number}"
        (self.data / f"osd{number}").mkdir()
        id_ = str(uuid.uuid4())
        key = self._ceph_tool("ceph-authtool", "--gen-print-key").strip()
        made = self._ceph("osd", "new", id_, "-i", "-", stdin=json.dumps({"cephx_secret": key})).strip()
        if made != str(number):
            raise Failed(f"Ceph numbers an OSD {made} instead of {number}")
        (self.data / f"{name}.keyring").write_text(f"[{name}]\n\tkey = {key}\n")
        self._ceph_tool("ceph-osd", "--mkfs", "-i", str(number), "--osd-uuid", id_, "--setuser=root", "--setgroup=root")

    def start_osd(self, number):
        self._daemon(f"osd.{number}", "ceph-osd", "-i", str(number))

    def start_gateways(self):
        """One after the other: the first makes the pools, and two at once would each make some."""
        for name, port in self.gateways.items():
            self._daemon(name, "radosgw", f"--name=client.{name}", f"--rgw-frontends=beast endpoint=127.0.0.1:{port}")
            self.children[name].wait_until(f"{name} answers", Objects(port).is_there)

    def kill_gateways(self):
        for name in self.gateways:
            self.children.pop(name).kill()

    def kill_osd(self, number):
        """As it would go with its machine."""
        self.children.pop(f"osd.{number}").kill()

    def _wait_until(self, what, condition):
        def ask():
            for child in self.children.values():
                child.expect_alive()
            return condition()
        until(what, ask, 180, 0.2)

    def _status(self):
        return json.loads(self._ceph("status", "--format=json"))

    def wait_until_clean(self):
        """Each object is on all three OSDs again."""
        def clean():
            groups = self._status()["pgmap"]
            return [state["state_name"] for state in groups.get("pgs_by_state", [])] == ["active+clean"]
        self._wait_until("all placement groups are active and clean", clean)

    def down_osds(self):
        return len(OSDS) - self._status()["osdmap"]["num_up_osds"]

    def memory(self):
        """Of all its daemons together, in MB."""
        total = 0
        for child in self.children.values():
            status = pathlib.Path(f"/proc/{child.process.pid}/status").read_text()
            total += int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:")))
        return total // 1024
