"""The file system that is measured: a journaled ext4 of its own, in a file, where root may mount it.

File systems differ by factors in what a sync costs (one without a journal, or an overlay, is another
thing altogether), so the bench brings its own wherever it can.
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


class Volume:
    """A folder to work in, with `folders` in it that look as if they had been there for a day.

    Their age matters: of a device's folder that is younger than two minutes Coredepot syncs the name
    again with every upload (shared/os/files.cpp), which a fleet in the field never sees.
    """

    def __init__(self, folders, size="6G", bytes_per_inode=65536):
        self.work = pathlib.Path(tempfile.mkdtemp(prefix="coredepot-bench.", dir="/var/tmp"))
        self.work.chmod(0o755)  # PostgreSQL, as a user of its own, goes through it
        self.path = self.work / "volume"
        self.path.mkdir()
        self.is_ext4 = False
        self.description = ""
        try:
            self._mount(folders, size, bytes_per_inode)
        except (subprocess.CalledProcessError, OSError) as error:
            self.description = f"a folder in /var/tmp ({self._kind()}): {_reason(error)}"
            for folder in folders:
                (self.path / folder).mkdir(parents=True)

    def _mount(self, folders, size, bytes_per_inode):
        if os.environ.get("BENCH_NAMESPACE") != "own":
            raise OSError("an ext4 of its own needs root and a mount namespace")
        skeleton = self.work / "skeleton"
        skeleton.mkdir()
        for folder in folders:
            (skeleton / folder).mkdir(parents=True, mode=0o750)
        image = self.work / "ext4"
        _run("truncate", "--size", size, image)  # takes no more than is written
        yesterday = {**os.environ, "E2FSPROGS_FAKE_TIME": str(int(time.time()) - 86400)}
        # Nothing left to do in the background while we measure.
        _run("mke2fs", "-q", "-F", "-t", "ext4", "-i", bytes_per_inode, "-d", skeleton,
             "-E", "lazy_itable_init=0,lazy_journal_init=0", image, env=yesterday)
        _run("mount", "-o", "loop,noatime", image, self.path)
        image.unlink()  # the loop device holds it, and gives its space back when it goes
        self.is_ext4 = True
        self.description = "ext4 with a journal, loop-mounted"

    def _kind(self):
        return _run("stat", "--file-system", "--format", "%T", self.path).strip()

    def remove(self):
        if self.is_ext4:
            # Lazy: a process that has just ended may still hold a file.
            subprocess.run(["umount", "--lazy", self.path], check=False)
        shutil.rmtree(self.work, ignore_errors=True)


def _run(*command, env=None):
    return subprocess.run(list(map(str, command)), check=True, env=env, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE).stdout


def _reason(error):
    return (getattr(error, "stderr", None) or str(error)).strip().splitlines()[-1]
