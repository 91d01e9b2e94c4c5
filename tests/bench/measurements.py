"""The measurements of every round, by name."""

import dataclasses

import bodies
import issues
import object_store
import recording
from disk import Disk
from file_and_row import FileAndRow
from fleet import Fleet
from load import Load, Request
from rounds import Metered
from slow import BesideSlowDevices
from transaction import Transaction

READERS = 16          # connections of readers
GROUPS_BY_RANGES = 8  # groups of devices that download by ranges; then the first one again
KEEP = 5              # core dumps per device; with the default of 20, thousands of devices would take three times 4 GB


@dataclasses.dataclass(frozen=True)
class Size:
    """How many there are of everything."""
    devices: int        # that upload 64 KB; Coredepot, the peer and the limit have so many each
    large_devices: int  # that upload 1 MB
    read_devices: int   # whose core dumps are read
    firmware_devices: int
    slow_devices: int
    signatures: int    # of issues


# Measurements that are compared run one after the other.
ORDER = [
    "upload transaction", "disk 64 KB, 4 processes", "disk 64 KB, 8 processes",
    "file and row 64 KB", "upload 64 KB", "upload 64 KB beside slow devices", "peer: upload 64 KB",
    "bucket: upload 64 KB",
    "disk 1 MB, 4 processes", "disk 1 MB, 8 processes", "file and row 1 MB", "upload 1 MB", "peer: upload 1 MB",
    "peer: list of 20", "list of 20", "FastCGI hello", "FastCGI hello with a row", "detail", "peer: detail",
    "inbox of 20", "issue", "dump download 64 KB", "bucket: dump download 64 KB", "static 64 KB",
    "firmware version", "static 2 MB", "firmware 2 MB",
    "static 2 MB by 4 KB ranges", "firmware 2 MB by 4 KB ranges",
    # Last, because the server cleans up after thousands of new signatures for a while.
    *(f"record: {way}" for way in recording.WAYS),
]

FULL = Size(3000, 64, 100, 3000, 200, 100_000)
SMOKE = Size(16, 8, 2, 4, 20, 100)


class Fleets:
    """The devices that take part."""

    def __init__(self, size):
        self.signatures = size.signatures
        self.small = Fleet("small", size.devices)
        self.large = Fleet("large", size.large_devices)
        self.read = Fleet("read", size.read_devices)
        self.firmware = Fleet("firmware", size.firmware_devices)
        self.slow = Fleet("slow", size.slow_devices)
        self.peer_small = Fleet("peersmall", size.devices)
        self.peer_large = Fleet("peerlarge", size.large_devices)
        self.transaction = Fleet("transaction", size.devices)
        self.limit = Fleet("limit", size.devices)
        self.limit_large = Fleet("limitlarge", size.large_devices)
        self.recording = Fleet("recording", 1000)
        self.bucket = object_store.Fleets(size.large_devices)

    def all(self):
        return [one for one in vars(self).values() if isinstance(one, Fleet)]

    def of_coredepot(self):
        return [self.small, self.large, self.read, self.firmware, self.slow]

    def of_peer(self):
        return [self.peer_small, self.peer_large]

    def of_limit(self):
        return [self.limit, self.limit_large]


def limits(build, volume, site, stack, fleets):
    """What nginx, the database and the disk can do by themselves."""
    def static(name, size, connections, ranges=("-",)):
        requests = [Request("GET", f"/files/{name}", range=one) for one in ranges]
        return Load(site.url, requests, connections, answered=size)

    own = fleets.transaction.devices
    served = {
        "static 64 KB": static("64k", bodies.KILOBYTES_64, READERS),
        "static 2 MB": static("2m", bodies.FIRMWARE, READERS),
        "static 2 MB by 4 KB ranges": static("2m", bodies.RANGE, READERS, bodies.ranges()),
        "FastCGI hello": Load(site.url, [Request("GET", "/hello")], READERS),
        "FastCGI hello with a row": Load(site.url, [Request("GET", "/hello_query")], READERS),
    }
    found = {name: Metered(load, site, stack) for name, load in served.items()}
    found["upload transaction"] = Transaction(stack.database_url("coredepot_writer"), own[0].id, len(own), KEEP)
    for name, size, fleet in (("64 KB", bodies.KILOBYTES_64, fleets.limit),
                              ("1 MB", bodies.MEGABYTE, fleets.limit_large)):
        # PostgreSQL's part is unknown, because its processes end with the command's connections.
        found[f"file and row {name}"] = Metered(
            FileAndRow(build, volume.path / "limit", stack.database_url("coredepot_writer"), fleet, size, KEEP),
            command="handlers")
        for processes in (4, 8):
            found[f"disk {name}, {processes} processes"] = Metered(
                Disk(build, volume.path / "disk" / name.replace(" ", ""), processes, size), command="handlers")
    return found


def uploads(url, issuer, small, large):
    return {
        "upload 64 KB": Load(url, small.uploads(issuer), 16, bodies.dump(bodies.KILOBYTES_64)),
        "upload 1 MB": Load(url, large.uploads(issuer), 8, bodies.dump(bodies.MEGABYTE)),
    }


def reads(url, issuer, devices, coredumps):
    """`coredumps` has the ID of one core dump of each device."""
    token = issuer.admin()
    paths = [device.coredumps_path() for device in devices]
    details = [f"{path}/{id}" for path, id in zip(paths, coredumps)]
    return {
        "list of 20": Load(url, [Request("GET", path, token) for path in paths], READERS),
        "detail": Load(url, [Request("GET", path, token) for path in details], READERS),
    }


def downloads(url, issuer, fleets, coredumps):
    paths = [f"{device.coredumps_path()}/{id}/download"
             for device, id in zip(fleets.read.devices, coredumps)]
    token = issuer.admin()
    whole = fleets.firmware.gets(issuer, "/api/iot/firmware")
    # Like devices: as many at a time as there are connections, and each gets its image from beginning to end.
    pieces = [dataclasses.replace(one, range=piece)
              for first in range(0, min(len(whole), READERS * GROUPS_BY_RANGES), READERS)
              for piece in bodies.ranges()
              for one in whole[first:first + READERS]]
    return {
        "dump download 64 KB": Load(url, [Request("GET", path, token) for path in paths], READERS,
                                    answered=bodies.KILOBYTES_64),
        "firmware version": Load(url, fleets.firmware.gets(issuer, "/api/iot/firmware-version"), READERS),
        "firmware 2 MB": Load(url, whole, READERS, answered=bodies.FIRMWARE),
        "firmware 2 MB by 4 KB ranges": Load(url, pieces, READERS, answered=bodies.RANGE),
    }


def looks_at_issues(url, issuer, ids):
    token = issuer.admin()
    return {
        "inbox of 20": Load(url, [Request("GET", f"/api/issues?limit=20&sort={order}", token) for order in issues.ORDERS],
                            READERS),
        "issue": Load(url, [Request("GET", f"/api/issues/{id}", token) for id in ids], READERS),
    }


def of_recording(stack, fleets, result):
    return {f"record: {way}": recording.Recording(stack, fleets.recording.devices, way, result)
            for way in recording.WAYS}


def of_coredepot(stack, issuer, fleets, filled):
    found = uploads(stack.url, issuer, fleets.small, fleets.large)
    found["upload 64 KB beside slow devices"] = BesideSlowDevices(
        found["upload 64 KB"], fleets.slow.uploads(issuer))
    found |= reads(stack.url, issuer, fleets.read.devices, filled.coredumps)
    found |= downloads(stack.url, issuer, fleets, filled.coredumps)
    found |= looks_at_issues(stack.url, issuer, filled.issues)
    return {name: Metered(load, stack) for name, load in found.items()} | of_recording(stack, fleets, filled.result)


def of_peer(peer, stack, issuer, fleets, coredumps):
    found = uploads(peer.url, issuer, fleets.peer_small, fleets.peer_large)
    found |= reads(peer.url, issuer, fleets.read.devices, coredumps)
    return {f"peer: {name}": Metered(load, peer, stack) for name, load in found.items()}


def everything(build, volume, site, stack, peer, issuer, fleets, filled):
    """All measurements by name. `filled`: the data that requests can read."""
    found = limits(build, volume, site, stack, fleets)
    found |= of_peer(peer, stack, issuer, fleets, filled.coredumps)
    return found | of_coredepot(stack, issuer, fleets, filled)
