"""The targets: which figure is compared with what, and how much of it there has to be."""

import dataclasses
import statistics
import typing


@dataclasses.dataclass(frozen=True)
class Target:
    """`against` finds the limit among one round's figures; of every round's ratio the median counts.
    Without a `least` it is there to be known."""
    work: str
    measured: str
    least: typing.Optional[float]
    what: str
    against: typing.Callable

    def ratio(self, rounds):
        return statistics.median(one[self.measured].rate / self.against(one) for one in rounds)


@dataclasses.dataclass(frozen=True)
class Absolute:
    """A figure that is a target by itself; `member` of Figures, in `unit`."""
    work: str
    measured: str
    member: str
    unit: str
    bound: float
    at_least: bool = False

    def is_met(self, value):
        return value >= self.bound if self.at_least else value <= self.bound


def rate(name):
    return lambda one: one[name].rate


def disk(size):
    """By as many processes as suit the disk better."""
    return lambda one: max(one[f"disk {size}, {processes} processes"].rate for processes in (4, 8))


def transaction_or_disk(one):
    return min(one["upload transaction"].rate, disk("64 KB")(one))


def transaction_and_disk(one):
    """An upload does both, and each of them has all cores to itself when it is measured."""
    return 1 / (1 / one["upload transaction"].rate + 1 / disk("64 KB")(one))


WITH_A_ROW = "FastCGI hello with a row"
UPLOAD_64K = "durable upload, 64 KB, 16 connections"
RECORD = "recording a result"
UPLOAD_1M = "durable upload, 1 MB, 8 connections"

TARGETS = [
    Target(UPLOAD_64K, "upload 64 KB", 0.60, "min(upload transaction, disk)", transaction_or_disk),
    Target(UPLOAD_64K, "upload 64 KB", None, "upload transaction and disk", transaction_and_disk),
    Target(UPLOAD_64K, "upload 64 KB", 2.5, "peer", rate("peer: upload 64 KB")),
    Target(UPLOAD_1M, "upload 1 MB", 0.60, "disk", disk("1 MB")),
    Target(UPLOAD_1M, "upload 1 MB", 2.0, "peer", rate("peer: upload 1 MB")),
    Target("list of 20", "list of 20", 5.0, "peer", rate("peer: list of 20")),
    Target("list of 20", "list of 20", 0.5, "FastCGI hello", rate("FastCGI hello")),
    Target("list of 20", "list of 20", None, WITH_A_ROW, rate(WITH_A_ROW)),
    Target("detail", "detail", 5.0, "peer", rate("peer: detail")),
    Target("detail", "detail", 0.5, "FastCGI hello", rate("FastCGI hello")),
    Target("detail", "detail", None, WITH_A_ROW, rate(WITH_A_ROW)),
    Target("dump download, 64 KB", "dump download 64 KB", 0.5, "static", rate("static 64 KB")),
    Target("dump download, 64 KB", "dump download 64 KB", None, WITH_A_ROW, rate(WITH_A_ROW)),
    Target("firmware, 2 MB, whole", "firmware 2 MB", 0.92, "static", rate("static 2 MB")),
    Target("firmware, 2 MB, by 4 KB ranges", "firmware 2 MB by 4 KB ranges", 0.5, "static, same ranges",
           rate("static 2 MB by 4 KB ranges")),
    Target("firmware, 2 MB, by 4 KB ranges", "firmware 2 MB by 4 KB ranges", None, WITH_A_ROW,
           rate(WITH_A_ROW)),
    Target("inbox page of 20, 100 000 signatures", "inbox of 20", 0.5, WITH_A_ROW, rate(WITH_A_ROW)),
    Target("issue, 100 000 signatures", "issue", 0.5, WITH_A_ROW, rate(WITH_A_ROW)),
    # A cost of at most 1.3 times is a rate of at least 1 / 1.3.
    Target(f"{RECORD} of a known signature", "record: known signature", 0.77, "not counted",
           rate("record: not counted")),
    Target(f"{RECORD} of a known signature", "record: known signature", 0.77, "as before issues",
           rate("record: as before issues")),
    Target(f"{RECORD} of a new signature", "record: new signature", None, "not counted",
           rate("record: not counted")),
    Target("64 KB uploads beside slow devices", "upload 64 KB beside slow devices", 0.9, "without them",
           rate("upload 64 KB")),
]

PARSING = [
    Absolute("upload answered → PARSED, idle system, p50", "until PARSED", "p50", "ms", 300),
    Absolute("upload answered → PARSED, idle system, p99", "until PARSED", "p99", "ms", 1000),
    Absolute("parse throughput, warm ELF index", "parse throughput", "rate", "dumps/s", 150, True),
    Absolute("decode, warm ELF index, p50", "decode", "p50", "ms", 5),
]
