"""Coredepot with an object store, to compare it with folders."""

import json
import pathlib

import bodies
from fleet import Fleet
from load import Load, Request
from nginx import Nginx
from rounds import Metered
from stack import call

TEMPLATE = pathlib.Path(__file__).with_name("object_store.conf.in")


class ObjectStore:
    """Supports the part of S3 that uploads and downloads need: see object_store.conf.in. Runs until stop()."""

    def __init__(self, folder):
        (folder / "objects").mkdir(parents=True)
        (folder / "objects/up").touch()
        self.nginx = Nginx(TEMPLATE, folder)
        self.nginx.wait_for("/up")

    def settings(self):
        """The settings of a stack that uses it."""
        return {"S3_ENDPOINT": self.nginx.url, "S3_BUCKET": "bench", "S3_ACCESS_KEY_ID": "bench",
                "S3_SECRET_ACCESS_KEY": "bench"}

    def stop(self):
        self.nginx.stop()


class Fleets:
    """So few devices that each soon has as many core dumps as it keeps."""

    def __init__(self, devices):
        self.small = Fleet("bucket", devices)
        self.read = Fleet("bucketread", devices)


def measurements(stack, issuer, fleets, connections):
    """Name → measurement. Each is like its namesake without `bucket: `, except for the store."""
    dump = bodies.dump(bodies.KILOBYTES_64)
    for fleet in (fleets.small, fleets.read):
        fleet.register(stack.database())
    token = issuer.admin()
    downloads = []
    for device, upload in zip(fleets.read.devices, fleets.read.uploads(issuer)):
        answer = json.loads(call("POST", stack.url + upload.path, upload.token, dump))
        downloads.append(Request("GET", f"{device.coredumps_path()}/{answer['coredump_id']}/download", token))
    found = {
        "bucket: upload 64 KB": Load(stack.url, fleets.small.uploads(issuer), connections, dump),
        "bucket: dump download 64 KB": Load(stack.url, downloads, connections, answered=bodies.KILOBYTES_64),
    }
    return {name: Metered(load, stack) for name, load in found.items()}
