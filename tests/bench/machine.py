"""What the figures were measured on."""

import os
import pathlib
import platform
import subprocess


def processor():
    lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
    name = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")),
                platform.machine())
    return f"{os.cpu_count()} × {name}"


def memory():
    line = pathlib.Path("/proc/meminfo").read_text().splitlines()[0]
    return f"{int(line.split()[1]) / 1024 / 1024:.0f} GB"


def debian():
    return "Debian " + pathlib.Path("/etc/debian_version").read_text().strip()


def versions():
    """Of the packages that have a part in it: name → version."""
    packages = {"nginx-core": "nginx", "nginx": "nginx", "postgresql-15": "PostgreSQL",
                "libfcgi0ldbl": "libfcgi", "gunicorn": "gunicorn", "python3-flask": "Flask",
                "python3-jwt": "PyJWT", "python3-psycopg2": "psycopg2", "wrk": "wrk"}
    listing = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Package} ${Version}\n", *packages], text=True, check=False,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    found = [line.split() for line in listing.splitlines()]
    return {packages[line[0]]: line[1] for line in found if len(line) == 2}  # one that is not there has none


def commit(source):
    """Of the checkout; with a plus sign when it has changes."""
    done = subprocess.run(["git", "-C", source, "describe", "--always", "--dirty=+"], text=True,
                          check=False, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return done.stdout.strip() or "unknown"
