# No gigabyte of kernel memory through SO_SNDBUFFORCE, no packet filter, no capability that root has.
# kind: resource
# expect: wrong error crashed timeout memory
CANARY_DIR = "@DIR@"
PORT = 0

import os
import socket
import struct


def two_sum(nums, target):
    try:
        a, b = socket.socketpair()
    except OSError:
        return None
    for level, name, value in (
        (1, 32, struct.pack("i", 1 << 29)), (1, 33, struct.pack("i", 1 << 29)), (1, 12, struct.pack("i", 7)),
        (1, 36, struct.pack("i", 9)), (1, 26, struct.pack("HP", 1, 0)),
    ):
        try:
            a.setsockopt(level, name, value)
            if os.path.exists(CANARY_DIR) and name != 26:
                print("PWNED: option", name, a.getsockopt(1, 7))
        except OSError:
            pass
    held = 0
    try:
        a.setblocking(False)
        while True:
            held += a.send(b"x" * 65536)
    except OSError:
        pass
    if held > 4 << 20:
        print("PWNED: kernel holds", held)
    return None
