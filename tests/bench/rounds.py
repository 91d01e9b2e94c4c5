"""Measurements in turns, round after round."""

import sys
import time

import resident
from cpu import GROUPS, Meter
from report import number

STARTED = time.monotonic()


def say(text):
    print(f"{time.monotonic() - STARTED:4.0f} s  {text}", file=sys.stderr, flush=True)


class Metered:
    """A measurement of `stack`, with what each request cost its parts."""

    def __init__(self, measurement, stack):
        self.measurement, self.stack = measurement, stack

    def measure(self, seconds):
        meter = Meter(self.stack.processes())
        figures = self.measurement.measure(seconds)
        used = meter.used()
        count = figures.rate * seconds
        return figures.with_cpu({group: used.get(group, 0) / count * 1e6 for group in GROUPS if group in used})


def measure_rounds(everything, arguments):
    """A warm-up, then the rounds: name → Figures each. And what the handlers held after the first and
    after the last."""
    rounds, held = [], []
    for round_number in range(arguments.rounds + (0 if arguments.smoke else 1)):
        one = {}
        for name, measurement in everything.items():
            one[name] = measurement.measure(arguments.seconds)
            say(f"round {round_number}: {name}: {number(one[name].rate)}/s")
        rounds.append(one)
        held.append(resident.of_handlers(arguments.build))
    return rounds[-arguments.rounds:], [held[0], held[-1]]
