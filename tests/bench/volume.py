"""The file system that is measured: the machine's own if that keeps a journal, as in production.

File systems differ by factors in what a sync costs. One without a journal, or an overlay, is another thing
altogether. So there the bench brings a journaled ext4 of its own, in a file, where root may mount it. Its loop device
takes a share of the processor that an upload in the field does not pay: the report says so.
"""

import os
import pathlib
import shutil
import subprocess
import tempfile
import time


def enter_mount_namespace(arguments):
    """Has the kernel take our mounts away when the last of us ends, also after a kill -9.

    Starts this program anew in a mount namespace, once; returns where that is not allowed.
    """
    if os.geteuid() != 0 or "BENCH_NAMESPACE" in os.environ:
        return
    probe = subprocess.run(["unshare", "--mount", "true"], stderr=subprocess.DEVNULL, check=False)
    if probe.returncode == 0:
        os.environ["BENCH_NAMESPACE"] = "own"
        os.execvp("unshare", ["unshare", "--mount", "--propagation", "private", "--", *arguments])


YOUNG = 125  # seconds: a little more than kSeconds in shared/os/durability.cpp


class Volume:
    """A folder to work in, with `folders` in it that look as if they had been there for a day.

    Their age matters: of a device's folder that is younger than two minutes Coredepot syncs the name
    again with every upload (shared/os/durability.cpp), which a fleet in the field never sees.

    With `keep` the file system is in that file and stays there: the next run finds what this one left in it.
    """

    def __init__(self, folders, size="24G", bytes_per_inode=65536, keep=None, parent="/var/tmp"):
        self.work = pathlib.Path(tempfile.mkdtemp(prefix="coredepot-bench.", dir=parent))
        self.work.chmod(0o755)  # PostgreSQL, as a user of its own, goes through it
        self.path = self.work / "volume"
        self.path.mkdir()
        self.is_ext4 = False
        self.description = ""
        self._own = _journal_below(self.path)
        if self._own and not keep:
            self.description = f"{self._own}, the machine's own"
            self._make(folders)
            return
        try:
            self._mount(folders, size, bytes_per_inode, keep)
        except (subprocess.CalledProcessError, OSError) as error:
            self.description = f"a folder in {parent} (no journal that we know of): {_reason(error)}"
            self._make(folders)

    def _make(self, folders):
        """The kernel says when a folder was made: they grow as old as they have to be while the rest is prepared."""
        for folder in folders:
            (self.path / folder).mkdir(parents=True, mode=0o750)
        self._made = time.monotonic()

    def age(self):
        """Waits until the folders are as old as it says above."""
        if not self.is_ext4:
            time.sleep(max(0, self._made + YOUNG - time.monotonic()))

    def _mount(self, folders, size, bytes_per_inode, keep):
        if os.environ.get("BENCH_NAMESPACE") != "own":
            raise OSError("an ext4 of its own needs root and a mount namespace")
        image = keep or self.work / "ext4"
        if not image.exists():
            self._format(image, folders, size, bytes_per_inode)
        _run("mount", "-o", "loop,noatime", image, self.path)
        if not keep:
            image.unlink()  # the loop device holds it, and gives its space back when it goes
        self.is_ext4 = True
        self.description = "ext4 with a journal, loop-mounted because the machine's own has none"

    def _format(self, image, folders, size, bytes_per_inode):
        skeleton = self.work / "skeleton"
        skeleton.mkdir()
        for folder in folders:
            (skeleton / folder).mkdir(parents=True, mode=0o750)
        new = image.with_name(image.name + ".new")  # only a complete one gets the name
        _run("truncate", "--size", size, new)  # takes no more than is written
        yesterday = {**os.environ, "E2FSPROGS_FAKE_TIME": str(int(time.time()) - 86400)}
        # Nothing left to do in the background while we measure.
        _run("mke2fs", "-q", "-F", "-t", "ext4", "-i", bytes_per_inode, "-d", skeleton,
             "-E", "lazy_itable_init=0,lazy_journal_init=0", new, env=yesterday)
        new.rename(image)

    def remove(self):
        if self.is_ext4:
            # Lazy: a process that has just ended may still hold a file.
            subprocess.run(["umount", "--lazy", self.path], check=False)
        shutil.rmtree(self.work, ignore_errors=True)


def _journal_below(path):
    """The kind of file system there, if it keeps a journal or, as btrfs, needs none; else None."""
    kind = _run("stat", "--file-system", "--format", "%T", path).strip()
    if kind in ("xfs", "btrfs"):
        return kind
    device = os.stat(path).st_dev
    node = pathlib.Path(f"/sys/dev/block/{os.major(device)}:{os.minor(device)}")
    # jbd2 has a folder for each journal, by the device's name and the journal's inode.
    if node.exists() and list(pathlib.Path("/proc/fs/jbd2").glob(f"{node.resolve().name}-*")):
        return "ext4 with a journal"
    return None


def _run(*command, env=None):
    return subprocess.run(list(map(str, command)), check=True, env=env, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE).stdout


def _reason(error):
    return (getattr(error, "stderr", None) or str(error)).strip().splitlines()[-1]
