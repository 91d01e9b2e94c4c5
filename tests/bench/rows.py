"""The targets: which figure is compared with what, and which ratio it must reach."""

import dataclasses
import statistics
import typing

from figures import Figures


@dataclasses.dataclass(frozen=True)
class Target:
    """`against` finds the limit's figures among those of one round. The median of the rounds' ratios counts.
    Without a `least`, the ratio is only shown."""
    work: str
    measured: str
    least: typing.Optional[float]
    what: str
    against: typing.Callable

    def is_known(self, one):
        """Whether a round has the figures for it."""
        try:
            return bool(one[self.measured].rate / self.against(one).rate)
        except KeyError:
            return False

    def ratio(self, rounds):
        return statistics.median(one[self.measured].rate / self.against(one).rate for one in rounds)

    def is_missed(self, rounds):
        return self.least is not None and self.ratio(rounds) < self.least


@dataclasses.dataclass(frozen=True)
class Absolute:
    """A figure with a target of its own: `member` of Figures, in `unit`."""
    work: str
    measured: str
    member: str
    unit: str
    bound: float
    at_least: bool = False

    def is_met(self, value):
        return value >= self.bound if self.at_least else value <= self.bound


def those_of(name):
    return lambda one: one[name]


def disk(size):
    """The disk with the number of processes that suits it better."""
    return lambda one: max((one[f"disk {size}, {processes} processes"] for processes in (4, 8)),
                           key=lambda figures: figures.rate)


def both(first, second):
    """The figures of doing one and then the other, and nothing else."""
    return lambda one: Figures(1 / (1 / one[first].rate + 1 / one[second].rate))


WITH_A_ROW = "FastCGI hello with a row"
THEN_STATIC = "hello with a row, then static"
FILE_AND_ROW = "file and row 64 KB"
UPLOAD_64K = "durable upload, 64 KB, 16 connections"
UPLOAD_1M = "durable upload, 1 MB, 8 connections"
RANGES = "firmware, 2 MB, by 4 KB ranges"
RECORD = "recording a result"
OF_COUNTING = 1 / 1.3  # a cost of at most 1.3 times is a rate of at least this

TARGETS = [
    Target(UPLOAD_64K, "upload 64 KB", 0.90, "file and row", those_of(FILE_AND_ROW)),
    Target(UPLOAD_64K, "upload 64 KB", 3.0, "peer", those_of("peer: upload 64 KB")),
    Target("file and row alone, 64 KB", FILE_AND_ROW, None, "peer", those_of("peer: upload 64 KB")),
    Target(UPLOAD_1M, "upload 1 MB", 0.75, "disk", disk("1 MB")),
    Target("file and row alone, 1 MB", "file and row 1 MB", None, "disk", disk("1 MB")),
    Target(UPLOAD_1M, "upload 1 MB", 2.5, "peer", those_of("peer: upload 1 MB")),
    Target("file and row alone, 1 MB", "file and row 1 MB", None, "peer", those_of("peer: upload 1 MB")),
    Target("64 KB uploads beside slow devices", "upload 64 KB beside slow devices", 0.9, "without them",
           those_of("upload 64 KB")),
    Target("list of 20", "list of 20", 0.75, WITH_A_ROW, those_of(WITH_A_ROW)),
    Target("list of 20", "list of 20", 6.0, "peer", those_of("peer: list of 20")),
    Target("detail", "detail", 0.75, WITH_A_ROW, those_of(WITH_A_ROW)),
    Target("detail", "detail", 6.0, "peer", those_of("peer: detail")),
    Target("dump download, 64 KB", "dump download 64 KB", 0.85, WITH_A_ROW, those_of(WITH_A_ROW)),
    Target("dump download, 64 KB", "dump download 64 KB", None, THEN_STATIC, both(WITH_A_ROW, "static 64 KB")),
    Target("dump download, 64 KB", "dump download 64 KB", None, "static", those_of("static 64 KB")),
    Target("upload into a bucket, 64 KB", "bucket: upload 64 KB", None, "into folders", those_of("upload 64 KB")),
    Target("dump download from a bucket, 64 KB", "bucket: dump download 64 KB", None, "from folders",
           those_of("dump download 64 KB")),
    Target("poll for a firmware version", "firmware version", None, WITH_A_ROW, those_of(WITH_A_ROW)),
    Target("firmware, 2 MB, whole", "firmware 2 MB", 0.92, "static", those_of("static 2 MB")),
    Target("firmware, 2 MB, whole", "firmware 2 MB", None, THEN_STATIC, both(WITH_A_ROW, "static 2 MB")),
    Target(RANGES, "firmware 2 MB by 4 KB ranges", 1.2, WITH_A_ROW, those_of(WITH_A_ROW)),
    Target(RANGES, "firmware 2 MB by 4 KB ranges", None, "static, same ranges", those_of("static 2 MB by 4 KB ranges")),
    Target("inbox page of 20, 100 000 signatures", "inbox of 20", 0.5, WITH_A_ROW, those_of(WITH_A_ROW)),
    Target("issue, 100 000 signatures", "issue", 0.5, WITH_A_ROW, those_of(WITH_A_ROW)),
    Target(f"{RECORD} of a known signature, PostgreSQL's part", "record: known signature", OF_COUNTING, "not counted",
           those_of("record: not counted")),
    Target(f"{RECORD} of a known signature, PostgreSQL's part", "record: known signature", OF_COUNTING,
           "as before issues", those_of("record: as before issues")),
    Target(f"{RECORD} of a new signature, PostgreSQL's part", "record: new signature", None, "not counted",
           those_of("record: not counted")),
]

# Ratios of what is measured while nothing else runs.
OF_PARSING = [
    Target("parse throughput, first parses, counted", "first parses, counted", OF_COUNTING, "not counted",
           those_of("first parses, not counted")),
]

PARSING = [
    Absolute("upload answered → PARSED, idle system, p50", "until PARSED", "p50", "ms", 300),
    Absolute("upload answered → PARSED, idle system, p99", "until PARSED", "p99", "ms", 1000),
    Absolute("parse throughput, warm ELF index", "parse throughput", "rate", "dumps/s", 150, True),
    Absolute("decode, warm ELF index, p50", "decode", "p50", "ms", 5),
]
