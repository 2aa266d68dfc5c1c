# No signal to the parent through fcntl(F_SETOWN) and O_ASYNC, nor through ioctl(FIOSETOWN).
# kind: escape
# expect: wrong error crashed
CANARY_DIR = "@DIR@"
PORT = 0

import fcntl
import os
import signal
import socket
import struct


def two_sum(nums, target):
    parent = os.getppid()
    done = []
    r, w = os.pipe()
    try:
        a, b = socket.socketpair()
    except OSError:
        return None
    for fd, poke in ((r, lambda: os.write(w, b"x")), (a.fileno(), lambda: b.send(b"x"))):
        for arm in (
            lambda: fcntl.fcntl(fd, fcntl.F_SETOWN, parent),
            lambda: fcntl.ioctl(fd, 0x8901, struct.pack("i", parent)),
            lambda: fcntl.fcntl(fd, 15, struct.pack("ii", 1, parent)),
            lambda: fcntl.fcntl(fd, 10, signal.SIGUSR1),
            lambda: fcntl.fcntl(fd, fcntl.F_SETFL, 0x2000),
            lambda: fcntl.ioctl(fd, 0x5452, struct.pack("i", 1)),
        ):
            try:
                arm()
                done.append(arm)
            except (OSError, ValueError):
                pass
        try:
            poke()
        except OSError:
            pass
    if done:
        print("PWNED: armed", len(done))
    return None
