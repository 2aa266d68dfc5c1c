# No socket of any family: abstract unix, netlink, raw packets, vsock, bluetooth, alg, xdp.
# kind: escape
# expect: wrong error crashed timeout
CANARY_DIR = "@DIR@"
PORT = 0

import os
import socket


def two_sum(nums, target):
    here = os.path.exists(CANARY_DIR)
    for family in range(1, 46):
        for kind in (1, 2, 3, 5):
            for protocol in (0, 15, 16, 255):
                try:
                    one = socket.socket(family, kind, protocol)
                    if here:
                        print("PWNED: socket", family, kind)
                    one.close()
                except (OSError, ValueError, OverflowError):
                    pass
    for address in (b"\0rehearsal-canary-%d" % PORT, CANARY_DIR + "/unix-dgram"):
        try:
            for one in socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM):
                one.sendto(b"hello", address)
                print("PWNED: sent")
        except OSError:
            pass
    return None
