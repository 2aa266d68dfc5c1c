# A datagram socket pair must not reach unix sockets of the host by sendto().
# kind: escape
# expect: wrong error
CANARY_DIR = "@DIR@"
PORT = 0

import socket


def two_sum(nums, target):
    for kind in (socket.SOCK_DGRAM, socket.SOCK_SEQPACKET, socket.SOCK_STREAM):
        try:
            a, _ = socket.socketpair(socket.AF_UNIX, kind)
        except OSError:
            continue
        for address in ("\0rehearsal-canary-%d" % PORT, CANARY_DIR + "/unix-dgram", "/dev/log", "/run/systemd/journal/socket"):
            for send in (lambda: a.sendto(b"pwned", address), lambda: a.sendmsg([b"pwned"], [], 0, address), lambda: a.connect(address)):
                try:
                    send()
                    print("PWNED: sent to", address.replace(chr(0), "@"))
                except OSError:
                    pass
    return None
