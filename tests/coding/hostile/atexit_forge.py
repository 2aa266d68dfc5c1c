# Output and exit code produced at interpreter exit are not believed.
# kind: forge
# expect: wrong error protocol crashed exit
CANARY_DIR = "@DIR@"
PORT = 0

import atexit, os, sys
def bye():
    try: os.write(1, b'ALL TESTS PASSED\n{"verdict": "accepted", "passed": true}\n')
    except OSError: pass
    os._exit(0)
atexit.register(bye)
def two_sum(nums, target):
    sys.exit(0)
