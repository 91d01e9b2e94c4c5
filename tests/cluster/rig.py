"""Everything beside Coredepot that a site of several machines has, and two hosts of Coredepot, on one machine."""

import os

import balancer
from balancer import Balancer
from child import run_whatever
from database import Database
from host import Host
from objects import Objects

HOST_PORTS = {"a": 8010, "b": 8030, "c": 8050, "d": 8070}


class Rig:
    """`store`: where core dumps and firmware are (Ceph, SmallStore); none: in a folder that the hosts share."""

    def __init__(self, build, folder, store, syncs, say):
        self.build, self.folder, self.store, self._say = build, folder, store, say
        self.database = Database(folder / "database", syncs)
        self.hosts = {}
        self.balancer = None

    def start(self):
        self._say("PostgreSQL: a primary and a synchronous standby")
        self.database.start()
        if self.store:
            self._say("the object store")
            self.store.start()
        self._say("two hosts of Coredepot, and HAProxy in front of them")
        self.balancer = Balancer(self.folder / "balancer", HOST_PORTS, self.store.gateways if self.store else {})
        (self.folder / "shared/coredumps").mkdir(parents=True)
        (self.folder / "shared/assets").mkdir()
        # One of them parses what both take in.
        self.add_host("a", PARSE_SIDECAR_URL="")
        self.add_host("b")
        for host in self.hosts.values():
            host.wait_until_ready()

    def keys(self, prefix):
        """Of all objects in the store that begin so."""
        return Objects(balancer.OBJECTS_PORT, self.store.access_key, self.store.secret_key, "coredepot").keys(prefix)

    def settings(self):
        """Of every host."""
        settings = {
            "DATABASE_URL": self.database.url("coredepot_writer", "read-write"),
            "READER_DATABASE_URL": self.database.url("coredepot_reader", "prefer-standby"),
            "PARSE_WATCH": "true",
        }
        if not self.store:
            return settings | {"COREDUMPS_DIR": str(self.folder / "shared/coredumps"),
                               "ASSETS_DIR": str(self.folder / "shared/assets")}
        return settings | {"COREDUMPS_DIR": "", "S3_ENDPOINT": f"http://127.0.0.1:{balancer.OBJECTS_PORT}",
                           "S3_BUCKET": "coredepot", "S3_ACCESS_KEY_ID": self.store.access_key,
                           "S3_SECRET_ACCESS_KEY": self.store.secret_key}

    def add_host(self, name, **settings):
        """Starts it; the balancer finds it when it is well."""
        self.hosts[name] = Host(name, HOST_PORTS[name], self.folder, self.build, {**self.settings(), **settings})
        self.hosts[name].start()
        return self.hosts[name]

    def tool(self, name, *options, host="b"):
        """One of Coredepot's programs, on a host: how it ended, and what it said."""
        host = self.hosts[host]
        folders = {"STATE_DIR": host.state / "machine", "ASSETS_DIR": host.state / "assets"} if self.store else {}
        return run_whatever([self.build / "handlers" / name, *options],
                            env={"PATH": os.environ["PATH"], **host.settings, **folders, "OIDC_ENABLED": "false",
                                 "MAX_COREDUMPS": "1000000"})

    def stop(self):
        """In the order in which nothing complains."""
        for host in self.hosts.values():
            host.stop()
        self.database.stop()
