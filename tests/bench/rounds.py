"""Takes measurements in turn, round after round."""

import resource
import sys
import time

import resident
from cpu import CLIENT, GROUPS, Meter
from report import number

STARTED = time.monotonic()


def say(text):
    print(f"{time.monotonic() - STARTED:4.0f} s  {text}", file=sys.stderr, flush=True)


class Metered:
    """A measurement, with what each request cost `parts`, which tell their processes(), and the command that the
    measurement runs. The command belongs to the group `command`: it makes the load, or does the work itself."""

    def __init__(self, measurement, *parts, command=CLIENT):
        self.measurement, self.parts, self.command = measurement, parts, command

    def measure(self, seconds):
        meter = Meter([process for part in self.parts for process in part.processes()])
        before = seconds_of_commands()
        figures = self.measurement.measure(seconds)
        used = meter.used()
        used[self.command] = used.get(self.command, 0) + seconds_of_commands() - before
        count = figures.rate * seconds
        return figures.with_cpu({group: used[group] / count * 1e6 for group in (*GROUPS, CLIENT) if group in used})


def seconds_of_commands():
    """Processor seconds that the bench's ended children have used."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def measure_rounds(everything, arguments):
    """Runs a warm-up, then the rounds. Returns name → Figures for each round, and what the handlers used after the
    first and after the last."""
    rounds, held = [], []
    for round_number in range(arguments.rounds + (0 if arguments.smoke else 1)):
        one = {}
        for name, measurement in everything.items():
            one[name] = measurement.measure(arguments.seconds)
            say(f"round {round_number}: {name}: {number(one[name].rate)}/s")
        rounds.append(one)
        held.append(resident.of_handlers(arguments.build))
    return rounds[-arguments.rounds:], [held[0], held[-1]]
