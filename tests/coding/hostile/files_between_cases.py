# Every place where a note for the next case or run could be left is shut or private.
# kind: leak
# expect: wrong error crashed timeout
CANARY_DIR = "@DIR@"
PORT = 0

import os
import sys
import tempfile

PLACES = ["/tmp", "/var/tmp", "/dev/shm", "/run", "/run/user/0", os.path.expanduser("~"), "/", ".", sys.prefix, "/proc/self/cwd", "/home"]
# looked for when a process starts: within one process a global would do
FOUND = [place for place in PLACES if os.path.exists(os.path.join(place, "hostile_persist_marker"))]


def two_sum(nums, target):
    if FOUND:
        print("PWNED: left in", FOUND)
    here = os.path.exists(CANARY_DIR)
    for place in PLACES:
        path = os.path.join(place, "hostile_persist_marker")
        for make in (
            lambda: open(path, "w").write("x"), lambda: os.mkdir(path), lambda: os.mkfifo(path), lambda: os.symlink("x", path),
            lambda: os.mknod(path), lambda: os.link("/etc/hostname", path), lambda: os.setxattr(place, "user.x", b"1"),
            lambda: os.utime(place), lambda: os.chmod(place, 0o777), lambda: os.truncate(os.path.join(CANARY_DIR, "precious"), 0),
        ):
            try:
                make()
                if here:
                    print("PWNED: wrote in", place)
            except (OSError, AttributeError, NotImplementedError):
                pass
    try:
        tempfile.mkstemp()
        if here:
            print("PWNED: a temporary file")
    except OSError:
        pass
    return None
