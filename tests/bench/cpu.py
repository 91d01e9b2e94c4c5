"""Which parts of a stack used the processor, and for how long. Unlike a rate it hardly depends on who else is there."""

import pathlib

GROUPS = ("handlers", "PostgreSQL", "nginx", "journal")
CLIENT = "client"  # that makes the load; of no part of a stack
RUNNERS = ("parse_runner", "notify_runner")  # come and go, and answer nobody


def group_of(program):
    if program.name == "postgres":
        return "PostgreSQL"
    if program.name == "nginx":
        return "nginx"
    if program.name == "systemd-journald":
        return "journal"
    if program.name == "hello" or program.name.startswith("python"):  # limits, and the peer
        return "handlers"
    return "handlers" if program.parent.name == "handlers" and program.name not in RUNNERS else None


def descendants(roots):
    """Process ids."""
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
    """(Process id, group) → seconds of the processor so far, of those that descend from `roots`."""
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
    """What the processes below `roots` use from its making until used()."""

    def __init__(self, roots):
        self._roots, self._before = roots, seconds_by_process(roots)

    def used(self):
        """Group → seconds. A process that is new counts with all that it has used."""
        sums = {}
        for (process, group), now in seconds_by_process(self._roots).items():
            sums[group] = sums.get(group, 0) + now - self._before.get((process, group), 0)
        return sums
