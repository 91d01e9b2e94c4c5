"""nginx alone, with static files and FastCGI processes that say hello. See static_site.conf.in."""

import pathlib

from child import Child
from nginx import Nginx

TEMPLATE = pathlib.Path(__file__).with_name("static_site.conf.in")
PROCESSES = 4  # as many as the reading handlers have (tests/stack/lib/handlers.sh)


class StaticSite:
    """Serves `files` (name → bytes) under /files/, /hello, and /hello_query, which asks the database each
    time. Runs until stop()."""

    def __init__(self, build, folder, files, database_url):
        (folder / "files").mkdir(parents=True)
        for name, content in files.items():
            (folder / "files" / name).write_bytes(content)
        hello = build / "tests/bench/hello"
        self.handlers = [self._spawn(folder, "hello", [hello]),
                         self._spawn(folder, "hello_query", [hello, database_url])]
        self.nginx = Nginx(TEMPLATE, folder)
        self.url = self.nginx.url
        for handler in ("/hello", "/hello_query"):
            self.nginx.wait_for(handler)

    @staticmethod
    def _spawn(folder, name, command):
        return Child(["spawn-fcgi", "-n", "-s", folder / f"{name}.sock", "--", "/usr/bin/multiwatch",
                      f"--forks={PROCESSES}", "--signal=TERM", "--", *command], folder / f"{name}.log")

    def processes(self):
        return [self.nginx.process(), *(handler.process.pid for handler in self.handlers)]

    def stop(self):
        self.nginx.stop()
        for handler in self.handlers:
            handler.stop()
