"""PostgreSQL twice: a primary, and a standby that it waits for at each commit."""

import contextlib
import os
import pathlib
import shutil
import signal

from child import Child, family, run
from waiting import Failed, until

PORTS = {"db1": 5431, "db2": 5432}
SOURCE = pathlib.Path(__file__).resolve().parents[2]


def programs():
    """The folder of the newest PostgreSQL that is installed."""
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: float(path.parts[4]))
    if not found:
        raise Failed("no PostgreSQL server is installed: make deps")
    return found[-1].parent


class Server:
    """One PostgreSQL on a port of the loopback. Its standby is known to it as `standby`."""

    def __init__(self, name, folder, syncs):
        self.name, self.port, self._syncs = name, PORTS[name], syncs
        self.folder, self.data = folder, folder / name
        self.child = None

    def _as_postgres(self, command):
        if os.geteuid() != 0:
            return command
        return ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--init-groups", "--", *command]

    def make_primary(self):
        run(self._as_postgres([programs() / "initdb", "--pgdata", self.data, "--auth=trust", "--username=postgres",
                               "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"]))

    def make_standby_of(self, primary):
        """In place of whatever it was."""
        shutil.rmtree(self.data, ignore_errors=True)
        run(self._as_postgres([programs() / "pg_basebackup", "--pgdata", self.data, "--write-recovery-conf",
                               "--checkpoint=fast", "--no-sync", "--wal-method=stream",
                               "--dbname", f"{primary.url()} application_name=standby"]))

    def start(self):
        self.child = Child(self.name, self._as_postgres(
            [programs() / "postgres", "-D", self.data, "-p", self.port, "-c", "listen_addresses=127.0.0.1",
             "-c", f"unix_socket_directories={self.folder}", "-c", "max_connections=300", "-c", "shared_buffers=64MB",
             "-c", f"fsync={'on' if self._syncs else 'off'}",
             # Of a standby that takes reads: it tells the primary what they still look at.
             "-c", "hot_standby_feedback=on", "-c", "wal_level=replica", "-c", "max_wal_senders=5"]),
                           self.folder / f"{self.name}.log", cwd=self.folder)
        self.child.wait_until(f"{self.name} answers", lambda: self.answers)

    @property
    def answers(self):
        return os.system(f"{programs()}/pg_isready -q -h 127.0.0.1 -p {self.port}") == 0

    def kill(self):
        """All of it at one moment, as its machine would go: what still runs might still commit."""
        self.freeze()
        self._signal(signal.SIGKILL)
        self.child.process.wait()

    def freeze(self):
        """Its machine answers no more, and nobody is told."""
        self._signal(signal.SIGSTOP)

    def thaw(self):
        self._signal(signal.SIGCONT)

    def _signal(self, number):
        # The one that starts the others first. Of those, some may end meanwhile.
        for pid in family(self.child.process.pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)

    def stop(self):
        self.child.stop(signal.SIGINT)

    def url(self, role="postgres", database="postgres"):
        """As a list of keywords, to which words may be added."""
        return f"host=127.0.0.1 port={self.port} user={role} dbname={database} connect_timeout=5"

    def sql(self, statement, role="postgres", database="postgres"):
        """Of one statement: what `psql -At` prints."""
        return run(["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-c", statement, self.url(role, database)],
                   env={"PATH": os.environ["PATH"]}).strip()

    def wait_for_standby(self, wanted):
        """Whether each commit waits for one, from now on."""
        self.sql(f"ALTER SYSTEM SET synchronous_standby_names = '{'standby' if wanted else ''}'")
        self.sql("SELECT pg_reload_conf()")

    @property
    def has_synchronous_standby(self):
        return self.sql("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync' "
                        "AND state = 'streaming'") == "1"

    def promote(self):
        self.sql("SELECT pg_promote(true, 60)")

    def waiting_for_standby(self):
        """Backends that wait for it with all that they have locked."""
        return int(self.sql("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"))


class Database:
    """The pair. `primary` and `standby` change places at a promotion.

    syncs   whether they wait for the disk. A process that is killed leaves to the kernel what it wrote, so nothing is
            lost without; but times are others
    """

    def __init__(self, folder, syncs):
        folder.mkdir()
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        self.primary, self.standby = (Server(name, folder, syncs) for name in PORTS)
        self._kept = folder / "kept"

    def start(self):
        self.primary.make_primary()
        self.primary.start()
        self.primary.sql("CREATE ROLE coredepot LOGIN CREATEROLE")
        self.primary.sql("CREATE DATABASE coredepot OWNER coredepot")
        run([SOURCE / "tests/support/deploy-schema", f"postgresql://coredepot@127.0.0.1:{self.primary.port}/coredepot"],
            env=dict(os.environ))
        self.add_standby()

    def add_standby(self):
        """Made anew from the primary; returns when commits wait for it."""
        self.standby.make_standby_of(self.primary)
        self.standby.start()
        self.primary.wait_for_standby(True)
        self.standby.child.wait_until("the standby is synchronous", lambda: self.primary.has_synchronous_standby)

    def fail_over(self):
        """Of a primary that is gone. The new one waits for nobody yet, as where Patroni decides."""
        self.primary, self.standby = self.standby, self.primary
        self.primary.promote()

    @staticmethod
    def url(role, attributes):
        """Of both, as handlers have it."""
        hosts = ",".join(f"127.0.0.1:{port}" for port in PORTS.values())
        return f"postgresql://{role}@{hosts}/coredepot?target_session_attrs={attributes}"

    def rows(self, query):
        """Of the primary."""
        return self.primary.sql(query, "coredepot", "coredepot")

    def keep(self):
        """As a backup has it."""
        run(["pg_dump", "--format=custom", f"--file={self._kept}", self.primary.url("coredepot", "coredepot")])

    def restore(self):
        """What was kept last. Connections end, as where another database takes its place."""
        run(["pg_restore", "--clean", "--if-exists", "--exit-on-error", "--single-transaction", "--no-owner",
             f"--dbname={self.primary.url('coredepot', 'coredepot')}", self._kept])
        self.primary.sql("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                         "WHERE datname = 'coredepot' AND pid <> pg_backend_pid()")

    def await_replay(self):
        """Until the standby shows what the primary has now."""
        now = self.primary.sql("SELECT pg_current_wal_lsn()")
        until("the standby is up to date",
              lambda: self.standby.sql(f"SELECT pg_last_wal_replay_lsn() >= '{now}'") == "t")

    def stop(self):
        for server in (self.standby, self.primary):
            if server.child is not None:
                server.stop()
