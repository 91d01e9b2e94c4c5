"""Processes of the rig, and commands. Whatever is left of them ends with the rig's process namespace."""

import contextlib
import os
import pathlib
import signal
import subprocess

from waiting import Failed, until


class Child:
    """A program that goes on running; what it prints goes to a file."""

    def __init__(self, name, command, log, env=None, cwd="/"):
        self.name, self.log = name, log
        with open(log, "ab") as output:
            self.process = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL,
                                            stdout=output, stderr=output, env=env, cwd=cwd, start_new_session=True)

    @property
    def runs(self):
        return self.process.poll() is None

    def expect_alive(self):
        if not self.runs:
            raise Failed(f"{self.name} has ended with {self.process.returncode}: {self.last_words()}")

    def last_words(self):
        return self.log.read_text(errors="replace")[-2000:]

    def wait_until(self, what, condition, patience=120):
        """As waiting.until(), and fails at once when the program has ended."""
        def ask():
            self.expect_alive()
            return condition()
        try:
            return until(what, ask, patience)
        except Failed as failure:
            raise Failed(f"{failure}\n{self.name} said: {self.last_words()}") from None

    def stop(self, number=signal.SIGTERM):
        """Asks it to end and waits for that."""
        if self.runs:
            self.process.send_signal(number)
            until(f"{self.name} has ended", lambda: not self.runs)

    def kill(self):
        """As a power cut: with all that it started, so far as that stayed in its session."""
        if self.runs:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def run(command, env=None, stdin=None, patience=300):
    """The output of a command that has to succeed."""
    done = run_whatever(command, env, stdin, patience)
    if done.returncode != 0:
        raise Failed(f"{' '.join(map(str, command))[:300]} ended with {done.returncode}: {done.stderr[-2000:]}")
    return done.stdout


def run_whatever(command, env=None, stdin=None, patience=300):
    """Status and output of a command, however it ends."""
    try:
        return subprocess.run([str(word) for word in command], env=env, input=stdin, text=True, check=False,
                              stdin=subprocess.DEVNULL if stdin is None else None, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, timeout=patience, cwd="/")
    except subprocess.TimeoutExpired:
        raise Failed(f"{' '.join(map(str, command))[:300]} is not done after {patience} s") from None


def family(pid):
    """A process and all that it started, and so on; its own number first."""
    found = [pid]
    for one in found:
        for task in pathlib.Path(f"/proc/{one}/task").glob("*/children"):
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # it has ended meanwhile
                found += map(int, task.read_text().split())
    return found
