"""Polling: the only way in which anything here waits for something else."""

import time

PATIENCE = 60  # seconds, also on a busy machine; nothing is expected to take that long


class Failed(Exception):
    """What went wrong, for people."""


def until(what, condition, patience=PATIENCE, pause=0.05):
    """Asks until the answer is true and returns it. Raises Failed with `what` and the last refusal."""
    end = time.monotonic() + patience
    while True:
        reason = ""
        try:
            answer = condition()
            if answer:
                return answer
        except OSError as error:
            reason = f": {error}"
        if time.monotonic() > end:
            raise Failed(f"after {patience} s still not: {what}{reason}")
        time.sleep(pause)
