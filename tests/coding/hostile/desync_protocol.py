# Answers sent ahead of the questions (extra lines for later ids) make a protocol error, not a pass.
# kind: forge
# expect: wrong error protocol crashed timeout
CANARY_DIR = "@DIR@"
PORT = 0

import os, json
def two_sum(nums, target):
    for i in range(40):
        l = (json.dumps({"kind": "case", "id": i, "status": "ok", "value": [0, 1], "out": "", "t": 0}) + "\n").encode()
        try:
            os.write(1, l)
        except OSError:
            pass
        try:
            import js
            js.Deno.stdout.writeSync(js.TextEncoder.new().encode(l.decode()))
        except Exception:
            pass
    return [0, 1]
