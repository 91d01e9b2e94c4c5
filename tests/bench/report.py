"""The figures as a page for people: first the ratios and their targets, then the figures behind them."""

import datetime
import statistics

import cpu
import machine
import rows
from figures import median

HEAD = """# How fast it is

`make bench` wrote this page on {date}, of commit {commit}. It measures three things: what disk, database and
nginx can do by themselves; what a lean peer does (Flask and gunicorn with the same SQL, tokens, devices and syncs:
`tests/bench/peer`); and what Coredepot does with tokens on. They take turns in one run, so that whatever
disturbs the machine disturbs all alike. **The ratios count**; the figures behind them are those of this machine on
this day, with the load generator on the same cores.

- **Machine**: {processor}, {memory}; {debian}, Linux {kernel}
- **Disk**: {volume}
- **Log**: {log}
- **Load before the run**: {load}
- **Versions**: {versions}
- **Rounds**: {rounds} of {seconds} s for each measurement, after one to warm up; medians. No request was
  answered with an error: a run with one has no figures.
"""

MISSES = """What is missed, and what takes the time: microseconds of the processor for each request, of the work and of its
limit; "–" where it is not known. The client is the load generator, on the same cores. The rest is what else two cores
have between two answers: the kernel's own threads, and waiting for the disk or for each other.
"""

EXPLANATION = """
File and row: what an upload must do, and nothing else. A program in C++ with 8 threads writes the file as Coredepot
does (write, rename, fsync, fsync of the folder), calls `record_upload()` and removes what is evicted; no HTTP, no
token, no hash, no log. Upload transaction: that call alone in pgbench, {clients} clients. Disk: the file work alone, by
4 and by 8 processes; the better of the two counts. {devices} devices send 64 KB, each with a token of its own. Each has
as many core dumps as it keeps ({keep}), so that retention removes one for each that comes; the same of the limit, the
peer and Coredepot. Slow devices: 200 that send 1 KB a second.

Static: the same bytes from nginx alone, without an access log. FastCGI hello: 4 processes behind nginx that do nothing.
"With a row": they first ask PostgreSQL for one row. "Then static": what that and the file take, one after the other.
Any answer about a core dump, a device or its firmware takes at least that, unless it comes from memory; and Coredepot
logs each, which the limits and the peer do not. The peer's four workers answer directly, without nginx. By ranges 16
devices at a time get their images, each from beginning to end. The bucket's store is nginx, which writes files and
neither checks nor syncs anything: what is measured is Coredepot's part, and a real store takes its time on top. All
clients say that they take gzip, as browsers and most libraries do: a detail of 24 KB comes packed, in 4 KB, which the
peer does not.

Record: how many results PostgreSQL could record in a second of its processor, of one and the same report; "as before
issues" is the statement of before they were counted, which waited for the disk. First parses: how many core dumps
parse_runner gets through in a second with all that belongs to it, with and without counting, in turns. The inbox is
asked for in each of its four orders, with 100 000 signatures.

CPU: microseconds for each request of handlers, PostgreSQL, nginx and journald. The kernel's own threads, among them
those of a loop device, are in none of them.
"""


NOTES = "\n## Notes\n"


def number(value):
    if value is None:
        return ""
    return f"{value:.2f}" if value < 10 else f"{value:,.0f}".replace(",", " ")


def verdict(met):
    return "met" if met else "**missed**"


def table(head, lines):
    """A table in Markdown, with columns as wide as necessary."""
    lines = [head, *lines]
    widths = [max(len(line[i]) for line in lines) for i in range(len(head))]
    lines.insert(1, ["-" * width for width in widths])
    return "\n".join("| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths)) + " |"
                     for line in lines) + "\n"


def ratio_line(target, rounds):
    ratio = target.ratio(rounds)
    least = [f"≥ {target.least:.2f}", verdict(ratio >= target.least)] if target.least else ["", ""]
    return [target.work, f"{ratio:.2f} × {target.what}", *least]


def ratios(rounds, parsing):
    """The ratios of what was measured."""
    lines = [ratio_line(target, rounds) for target in rows.TARGETS if target.is_known(rounds[0])]
    if parsing:
        lines += [ratio_line(target, [parsing]) for target in rows.OF_PARSING]
    for target in rows.PARSING if parsing else []:
        value = parsing[target.measured][target.member]
        sign = "≥" if target.at_least else "≤"
        lines.append([target.work, f"{number(value)} {target.unit}",
                      f"{sign} {number(target.bound)} {target.unit}", verdict(target.is_met(value))])
    return table(["work", "measured", "target", ""], lines)


def costs_of_misses(rounds):
    """For what was too slow against its limit: microseconds of the processor of both for a request, by part."""
    groups, lines = (*cpu.GROUPS, cpu.CLIENT), []
    for target in rows.TARGETS:
        if not target.is_known(rounds[0]) or not target.is_missed(rounds):
            continue
        both = [median([one[target.measured] for one in rounds]), median([target.against(one) for one in rounds])]
        if not all(one.cpu for one in both):
            continue
        cells = [[f"{one.cpu[group]:.0f}" if group in one.cpu else "–" for group in groups] for one in both]
        for parts, one in zip(cells, both):
            parts.append(f"{max(machine.cores() * 1e6 / one.rate - sum(one.cpu.values()), 0):.0f}")
        lines.append([target.work, target.what, *(f"{mine} / {theirs}" for mine, theirs in zip(*cells))])
    return table(["work", "limit", *groups, "the rest"], lines)


def microseconds(used):
    return "/".join(f"{used[group]:.0f}" for group in cpu.GROUPS if group in used) if used else ""


def figures(rounds, parsing):
    """Every measurement: the median rate, the lowest and the highest round, and the medians of the latencies."""
    lines = []
    for name in rounds[0]:
        all_of_it = [one[name] for one in rounds]
        middle, rates = median(all_of_it), [one.rate for one in all_of_it]
        lines.append([name, number(middle.rate), f"{number(min(rates))}–{number(max(rates))}",
                      number(middle.p50), number(middle.p99), microseconds(middle.cpu)])
    for name, one in parsing.items():
        # The rate of a latency measurement means nothing.
        rate = number(one.rate) if one.p50 is None else ""
        lines.append([name, rate, "", number(one.p50), number(one.p99), ""])
    return table(["what", "a second", "rounds", "p50 ms", "p99 ms", "CPU µs"], lines)


def comparison(rounds, before):
    """For each measurement that was also made of another checkout: both rates, and their ratio in each round."""
    lines = []
    for name in rounds[0]:
        other = before + name
        if other not in rounds[0]:
            continue
        one, old = (median([each[of] for each in rounds]) for of in (name, other))
        each = sorted(now[name].rate / now[other].rate for now in rounds)
        used = [sum(of.cpu.values()) if of.cpu else 0 for of in (old, one)]
        lines.append([name, number(old.rate), number(one.rate), f"{statistics.median(each):.2f}",
                      f"{each[0]:.2f}–{each[-1]:.2f}", microseconds(old.cpu), microseconds(one.cpu),
                      f"{used[1] / used[0]:.2f}" if all(used) else ""])
    return table(["what", "before", "now", "times", "in rounds", "CPU µs before", "now", "times"], lines)


def memory(held):
    """The handlers that were asked anything: before and after."""
    before, after = held
    return table(["handler", "MB after the first round", "after the last", "descriptors", "after the last"],
                 [[name, *(f"{one.megabytes:.1f}" for one in pair),
                   *(str(one.descriptors) for one in pair)]
                  for name, pair in sorted((name, (before[name], after[name])) for name in after)])


def notes_of(path):
    """The notes that people wrote at the end of the existing page."""
    text = path.read_text() if path.exists() else ""
    start = text.find(NOTES)
    return text[start:] if start >= 0 else ""


def page(rounds, parsing, held, *, seconds, volume, log, load, clients, devices, keep, source):
    head = HEAD.format(
        date=datetime.date.today().isoformat(), commit=machine.commit(source),
        processor=machine.processor(), memory=machine.memory(), debian=machine.debian(),
        kernel=machine.platform.release(), volume=volume, log=log, load=load, rounds=len(rounds), seconds=seconds,
        versions=", ".join(f"{name} {version}" for name, version in machine.versions().items()))
    return "\n".join([head, "## Against the targets", "", ratios(rounds, parsing), MISSES, costs_of_misses(rounds),
                      "## The figures", "",
                      figures(rounds, parsing)]) + EXPLANATION.format(
                          clients=clients, devices=number(devices), keep=keep) + "\n".join([
                              "", "## What the handlers hold", "",
                              "Of each kind the process that holds the most: resident memory and open files.", "",
                              memory(held)])
