# os.execv of a shell that forges output: refused.
# kind: escape
# expect: crashed error wrong protocol
CANARY_DIR = "@DIR@"
PORT = 0

import os
def two_sum(nums, target):
    os.execv("/bin/sh", ["sh", "-c", "echo X > %s/exec; echo '{\"kind\":\"case\",\"id\":0,\"status\":\"ok\",\"value\":[0,1]}'" % CANARY_DIR])
