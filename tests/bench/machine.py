"""The machine on which the figures were measured."""

import fnmatch
import os
import pathlib
import platform
import subprocess


def cores():
    return os.cpu_count()


def processor():
    lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
    name = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")),
                platform.machine())
    return f"{cores()} × {name}"


def memory():
    line = pathlib.Path("/proc/meminfo").read_text().splitlines()[0]
    return f"{int(line.split()[1]) / 1024 / 1024:.0f} GB"


def load():
    """The load of other processes in the last minute, and the priority of the bench's own processes over them."""
    fixed = os.sched_getscheduler(0) in (os.SCHED_FIFO, os.SCHED_RR)
    return f"{os.getloadavg()[0]:.1f}" + (", all of the bench before it by a fixed priority" if fixed else "")


def debian():
    return "Debian " + pathlib.Path("/etc/debian_version").read_text().strip()


def versions():
    """The versions of the packages that take part: name → version."""
    packages = {"nginx": "nginx", "postgresql-[0-9][0-9]": "PostgreSQL", "libfcgi0*": "libfcgi",
                "gunicorn": "gunicorn", "python3-flask": "Flask", "python3-jwt": "PyJWT",
                "python3-psycopg2": "psycopg2", "wrk": "wrk"}  # patterns, because some packages have a version in their name
    listing = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Package} ${Version}\n", *packages], text=True, check=False,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    found = [line.split() for line in listing.splitlines()]
    installed = [line for line in found if len(line) == 2]  # a package that is not installed has no version
    return {name: version for pattern, name in packages.items()
            for package, version in installed if fnmatch.fnmatch(package, pattern)}


def commit(source):
    """The commit of the checkout, with a plus sign if it has changes."""
    done = subprocess.run(["git", "-C", source, "describe", "--always", "--dirty=+"], text=True,
                          check=False, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return done.stdout.strip() or "unknown"
