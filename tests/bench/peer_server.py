"""The lean peer (peer/app.py) under gunicorn, on the same database and the same disk."""

import os
import pathlib

from child import Child, free_port

FOLDER = pathlib.Path(__file__).with_name("peer")


class Peer:
    """Runs until stop(). Keeps its core dumps in `coredumps`."""

    def __init__(self, stack, issuer, coredumps, keep, log):
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        environment = {"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1",
                       "PYTHONPATH": str(FOLDER.parent),
                       "PEER_COREDUMPS_DIR": str(coredumps),
                       "MAX_COREDUMPS": str(keep),
                       "DATABASE_URL": stack.database_url("coredepot_writer"), **issuer.settings()}
        self.server = Child(["gunicorn", "--chdir", FOLDER, "--config", FOLDER / "gunicorn.conf.py",
                             "--bind", f"127.0.0.1:{port}", "app:app"], log, environment)
        self.server.wait_for(self.url + "/")

    def processes(self):
        return [self.server.process.pid]

    def stop(self):
        self.server.stop()
