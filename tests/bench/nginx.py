"""An nginx for the bench alone, on a loopback port."""

import os

from child import Child, free_port


class Nginx:
    """Its configuration is made from a template with @FOLDER@, @PORT@ and @USER_LINE@. Runs until stop()."""

    def __init__(self, template, folder):
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        conf = template.read_text()
        for name, value in {"FOLDER": folder, "PORT": port,
                            "USER_LINE": "user root;" if os.geteuid() == 0 else ""}.items():
            conf = conf.replace(f"@{name}@", str(value))
        (folder / "nginx.conf").write_text(conf)
        self._child = Child(["/usr/sbin/nginx", "-p", folder, "-e", folder / "nginx.log",
                             "-c", folder / "nginx.conf"], folder / "output.log")

    def wait_for(self, path):
        self._child.wait_for(self.url + path)

    def process(self):
        """The master's process ID."""
        return self._child.process.pid

    def stop(self):
        self._child.stop()
