"""Which parts of a stack used the processor, and for how long. Unlike a rate, this hardly depends on other load."""

import pathlib

GROUPS = ("handlers", "PostgreSQL", "nginx", "journal")
CLIENT = "client"  # makes the load, and belongs to no part of a stack
RUNNERS = ("parse_runner", "notify_runner")  # come and go, and answer no requests


def group_of(program):
    if program.name == "postgres":
        return "PostgreSQL"
    if program.name == "nginx":
        return "nginx"
    if program.name == "systemd-journald":
        return "journal"
    if program.name == "hello" or program.name.startswith("python"):  # the limits and the peer
        return "handlers"
    return "handlers" if program.parent.name == "handlers" and program.name not in RUNNERS else None


def descendants(roots):
    """The process IDs of `roots` and of all their descendants."""
    children = {}
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        children.setdefault(parent, []).append(int(stat.parent.name))
    found, todo = [], list(roots)
    while todo:
        process = todo.pop()
        found.append(process)
        todo += children.get(process, [])
    return found


def seconds_by_process(roots):
    """(Process ID, group) → processor seconds so far, for `roots` and their descendants."""
    found = {}
    for process in descendants(roots):
        folder = pathlib.Path("/proc") / str(process)
        try:
            group = group_of((folder / "exe").readlink())
            if group:
                found[process, group] = sum(int((task / "schedstat").read_text().split()[0])
                                            for task in (folder / "task").iterdir()) / 1e9
        except OSError:
            continue
    return found


class Meter:
    """Measures what the processes below `roots` use from its construction until used()."""

    def __init__(self, roots):
        self._roots, self._before = roots, seconds_by_process(roots)

    def used(self):
        """Group → seconds. A new process counts with everything that it has used."""
        sums = {}
        for (process, group), now in seconds_by_process(self._roots).items():
            sums[group] = sums.get(group, 0) + now - self._before.get((process, group), 0)
        return sums
