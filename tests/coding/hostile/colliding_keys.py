# Numbers that share a hash must not freeze the application while it builds a set of them.
# kind: resource
# expect: protocol wrong error crashed timeout output
CANARY_DIR = "@DIR@"
PORT = 0

import json
import os

PRIME = (1 << 61) - 1
BODY = ", ".join('{"$": "int", "v": "%s"}' % hex(k * PRIME) for k in range(1, 60000))


def two_sum(nums, target):
    line = '{"op": "case", "id": %d, "status": "ok", "value": {"$": "set", "v": [' + BODY + "]}}\n"
    for fd in range(3, 12):
        for ident in (1, 2, 3):
            try:
                data = (line % ident).encode()
                while data:
                    data = data[os.write(fd, data):]
            except OSError:
                break
    return [0, 1]
