"""The results of a measurement."""

import dataclasses
import statistics


@dataclasses.dataclass(frozen=True)
class Figures:
    """`rate` is per second. Latencies are in milliseconds, or None where there are none. `cpu`: microseconds of the
    processor for each request, by part of the stack (see cpu.py)."""
    rate: float
    p50: float | None = None
    p99: float | None = None
    cpu: dict | None = None

    def with_cpu(self, used):
        return dataclasses.replace(self, cpu=used)

    def __getitem__(self, name):
        return getattr(self, name)


class Failed(Exception):
    """An answer was not what it has to be, so there are no figures."""


def percentile(values, percent):
    """The smallest value such that `percent` of `values` do not exceed it."""
    ordered = sorted(values)
    rank = -(-len(ordered) * percent // 100)  # rounded up
    return ordered[max(int(rank), 1) - 1]


def median(rounds):
    """The figures of several rounds as one: the median of each member separately."""
    def middle(name):
        values = [figures[name] for figures in rounds if figures[name] is not None]
        return statistics.median(values) if values else None
    cpu = rounds[0].cpu and {group: statistics.median(one.cpu.get(group, 0) for one in rounds)
                             for group in rounds[0].cpu}
    return Figures(middle("rate"), middle("p50"), middle("p99"), cpu)
