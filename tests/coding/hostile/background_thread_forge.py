# A thread that writes result lines after the function returned.
# kind: forge
# expect: wrong error protocol crashed timeout
CANARY_DIR = "@DIR@"
PORT = 0

import os, json, threading, time
def bg():
    i = 0
    while i < 60:
        try: os.write(1, (json.dumps({"kind": "case", "id": i, "status": "ok", "value": [0, 1]}) + "\n").encode())
        except OSError: pass
        i += 1; time.sleep(0.01)
def two_sum(nums, target):
    try: threading.Thread(target=bg, daemon=True).start()
    except RuntimeError: pass
    return None
