"""What the handlers use: memory and file descriptors."""

import dataclasses
import pathlib


@dataclasses.dataclass(frozen=True)
class Resident:
    """The most that any process of this kind uses."""
    megabytes: float
    descriptors: int


def handlers():
    """The names of the handlers in handlers/processes."""
    lines = (pathlib.Path(__file__).parents[2] / "handlers/processes").read_text().splitlines()
    rows = [line.split() for line in lines if line and not line.startswith("#")]
    return {program for program, _, kind, *_ in rows if kind == "handler"}


def of_handlers(build):
    """Name → Resident, for the handlers that run from this build."""
    names = handlers()
    found = {}
    for process in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            program = (process / "exe").readlink()
            pages = int((process / "statm").read_text().split()[1])
            descriptors = len(list((process / "fd").iterdir()))
        except OSError:
            continue  # it has ended, or belongs to the kernel
        if program.parent == build / "handlers" and program.name in names:
            before = found.get(program.name, Resident(0, 0))
            found[program.name] = Resident(max(before.megabytes, pages * 4096 / 1024 / 1024),
                                           max(before.descriptors, descriptors))
    return found
