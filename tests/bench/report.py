"""The figures as a page for people: first the ratios against the targets, then what they are made of."""

import datetime

import machine
import rows
from figures import median

HEAD = """# How fast it is

`make bench` wrote this page on {date}, of commit {commit}. It measures three things: what disk, database and
nginx can do by themselves; what a lean peer does (Flask and gunicorn with the same SQL and the same syncs:
`tests/bench/peer`); and what Coredepot does with tokens on. They take turns in one run, so that whatever
disturbs the machine disturbs all alike. **The ratios count**; the figures behind them are those of this machine on
this day, with the load generator on the same cores.

- **Machine**: {processor}, {memory}; {debian}, Linux {kernel}
- **Disk**: {volume}
- **Versions**: {versions}
- **Rounds**: {rounds} of {seconds} s for each measurement, after one to warm up; medians. No request was
  answered with an error: a run with one has no figures.
"""

EXPLANATION = """
Upload transaction: one call of `record_coredump()` in pgbench, {clients} clients, committed to disk. Disk:
the file work of an upload (write, fsync, rename, fsync of the folder, removal of the file that is evicted)
by 4 and by 8 processes; the better of the two counts. An upload does both, one after the other, but each is
measured with the machine to itself. "Upload transaction and disk" is how often a second both could be done if
there were nothing else to do. Static: the same bytes from nginx alone, without an access log. FastCGI hello:
4 processes behind nginx that do nothing. "With a row": they first ask PostgreSQL for one row. Any answer about
a core dump, a device or its firmware takes at least that, because each is checked, counted and logged, and none
comes from a memory that may be out of date. The peer's four workers answer directly, without nginx. Record: how
many results could be written in a second of the server's CPU, of one and the same report; "as before issues" is the
statement of before they were counted, which waited for the disk. The inbox is asked for in each of its four orders.
"""


NOTES = "\n## Notes\n"


def number(value):
    if value is None:
        return ""
    return f"{value:.2f}" if value < 10 else f"{value:,.0f}".replace(",", " ")


def verdict(met):
    return "met" if met else "**missed**"


def table(head, lines):
    """Markdown, its columns as wide as they need to be."""
    lines = [head, *lines]
    widths = [max(len(line[i]) for line in lines) for i in range(len(head))]
    lines.insert(1, ["-" * width for width in widths])
    return "\n".join("| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths)) + " |"
                     for line in lines) + "\n"


def ratios(rounds, parsing):
    lines = []
    for target in rows.TARGETS:
        ratio = target.ratio(rounds)
        least = [f"≥ {target.least:.2f}", verdict(ratio >= target.least)] if target.least else ["", ""]
        lines.append([target.work, f"{ratio:.2f} × {target.what}", *least])
    for target in rows.PARSING:
        value = parsing[target.measured][target.member]
        sign = "≥" if target.at_least else "≤"
        lines.append([target.work, f"{number(value)} {target.unit}",
                      f"{sign} {number(target.bound)} {target.unit}", verdict(target.is_met(value))])
    return table(["work", "measured", "target", ""], lines)


def figures(rounds, parsing):
    """Every measurement: median rate with the lowest and highest round, latencies' medians."""
    lines = []
    for name in rounds[0]:
        all_of_it = [one[name] for one in rounds]
        middle, rates = median(all_of_it), [one.rate for one in all_of_it]
        lines.append([name, number(middle.rate), f"{number(min(rates))}–{number(max(rates))}",
                      number(middle.p50), number(middle.p99)])
    for name, one in parsing.items():
        # A latency's measurement has no rate to speak of.
        rate = number(one.rate) if one.p50 is None else ""
        lines.append([name, rate, "", number(one.p50), number(one.p99)])
    return table(["what", "a second", "rounds", "p50 ms", "p99 ms"], lines)


def memory(held):
    """Of the handlers that were asked anything: before and after."""
    before, after = held
    return table(["handler", "MB after the first round", "after the last", "descriptors", "after the last"],
                 [[name, *(f"{one.megabytes:.1f}" for one in pair),
                   *(str(one.descriptors) for one in pair)]
                  for name, pair in sorted((name, (before[name], after[name])) for name in after)])


def notes_of(path):
    """What people wrote at the end of the page that is there."""
    text = path.read_text() if path.exists() else ""
    start = text.find(NOTES)
    return text[start:] if start >= 0 else ""


def page(rounds, parsing, held, *, seconds, volume, clients, source):
    head = HEAD.format(
        date=datetime.date.today().isoformat(), commit=machine.commit(source),
        processor=machine.processor(), memory=machine.memory(), debian=machine.debian(),
        kernel=machine.platform.release(), volume=volume, rounds=len(rounds), seconds=seconds,
        versions=", ".join(f"{name} {version}" for name, version in machine.versions().items()))
    return "\n".join([head, "## Against the targets", "", ratios(rounds, parsing), "## The figures", "",
                      figures(rounds, parsing)]) + EXPLANATION.format(clients=clients) + "\n".join([
                          "", "## What the handlers hold", "",
                          "Of each kind the process that holds the most: resident memory and open files.", "",
                          memory(held)])
