"""The file system that is measured: the machine's own if that keeps a journal, as in production.

The cost of a sync differs several times between file systems. One without a journal, or an overlay, is not
comparable at all. There the bench uses its own journaled ext4 in a file, if root may mount it. Its loop device takes
processor time that an upload in the field does not need: the report says so.
"""

import os
import pathlib
import shutil
import subprocess
import tempfile
import time


def enter_mount_namespace(arguments):
    """Makes the kernel remove our mounts when our last process ends, even after a kill -9.

    Starts this program again in a mount namespace, once. Returns if that is not allowed.
    """
    if os.geteuid() != 0 or "BENCH_NAMESPACE" in os.environ:
        return
    probe = subprocess.run(["unshare", "--mount", "true"], stderr=subprocess.DEVNULL, check=False)
    if probe.returncode == 0:
        os.environ["BENCH_NAMESPACE"] = "own"
        os.execvp("unshare", ["unshare", "--mount", "--propagation", "private", "--", *arguments])


YOUNG = 125  # seconds: a little more than kSeconds in shared/os/durability.cpp


class Volume:
    """A folder to work in, with `folders` that look as if they had been there for a day.

    Their age matters: while a device's folder is younger than two minutes, Coredepot syncs its name again
    with every upload (shared/os/durability.cpp). A fleet in the field never sees that.

    With `keep`, the file system is in that file and stays there, so the next run finds what this one left.
    """

    def __init__(self, folders, size="24G", bytes_per_inode=65536, keep=None, parent="/var/tmp"):
        self.work = pathlib.Path(tempfile.mkdtemp(prefix="coredepot-bench.", dir=parent))
        self.work.chmod(0o755)  # PostgreSQL, which runs as its own user, goes through it
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
        """The kernel decides when a folder was made. So they age while the rest is prepared."""
        for folder in folders:
            (self.path / folder).mkdir(parents=True, mode=0o750)
        self._made = time.monotonic()

    def age(self):
        """Waits until the folders are old enough: see above."""
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
            image.unlink()  # the loop device keeps it, and frees its space at the end
        self.is_ext4 = True
        self.description = "ext4 with a journal, loop-mounted because the machine's own has none"

    def _format(self, image, folders, size, bytes_per_inode):
        skeleton = self.work / "skeleton"
        skeleton.mkdir()
        for folder in folders:
            (skeleton / folder).mkdir(parents=True, mode=0o750)
        new = image.with_name(image.name + ".new")  # only a complete file gets the final name
        _run("truncate", "--size", size, new)  # takes only the space that is written
        yesterday = {**os.environ, "E2FSPROGS_FAKE_TIME": str(int(time.time()) - 86400)}
        # Leaves nothing to do in the background while we measure.
        _run("mke2fs", "-q", "-F", "-t", "ext4", "-i", bytes_per_inode, "-d", skeleton,
             "-E", "lazy_itable_init=0,lazy_journal_init=0", new, env=yesterday)
        new.rename(image)

    def remove(self):
        if self.is_ext4:
            # Lazy: a process that has just ended may still hold a file.
            subprocess.run(["umount", "--lazy", self.path], check=False)
        shutil.rmtree(self.work, ignore_errors=True)


def _journal_below(path):
    """The kind of file system there if it has a journal or, like btrfs, needs none; else None."""
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
