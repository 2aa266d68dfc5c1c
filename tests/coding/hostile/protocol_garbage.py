# Anything odd on the result pipe is a protocol error, never a value.
# kind: forge
# expect: protocol wrong error crashed timeout output
CANARY_DIR = "@DIR@"
PORT = 0

import os

LINES = [
    b'{"op": "case", "id": 1, "status": "ok", "value": NaN}', b'{"op": "case", "id": 1, "status": "ok", "value": 1e999}',
    b"[" * 100000 + b"]" * 100000, b'{"op": "case", "id": 1, "status": "accepted", "value": [0, 1]}', b"", b"null", b"\xff\xfe",
    b'{"op": "case", "id": 1, "status": "ok", "value": {"$": "nd", "dt": "object", "sh": [1], "v": [1]}}',
    b'{"op": "case", "id": 1, "status": "ok", "value": {"$": "nd", "dt": "int64", "sh": [99999999999], "v": []}}',
    b'{"op": "case", "id": 1, "status": "ok", "value": {"$": "dict", "v": [[[1], 2]]}}',
    b'{"op": "case", "id": 1, "status": "ok", "value": ' + b"9" * 100000 + b"}",
    b'{"op": "case", "id": true, "status": "ok", "value": [0, 1], "passed": true, "verdict": "accepted"}',
    b'{"op": "case", "id": 1, "status": "ok", "value": "\\ud800", "raised": [[0, {"names": 3}]]}',
    b'{"op": "case", "id": 1, "status": "error", "error": {"names": ["A"], "message": "\\u202e", "line": 1e9, "trace": 5}}',
]
n = 0


def two_sum(nums, target):
    global n
    n += 1
    line = LINES[(n + len(nums)) % len(LINES)]
    for fd in range(3, 16):
        try:
            os.write(fd, line + b"\n")
        except OSError:
            pass
    return None
