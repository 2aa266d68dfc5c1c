# No process can be started.
# kind: escape
# expect: wrong error crashed
CANARY_DIR = "@DIR@"
PORT = 0

import os
def two_sum(nums, target):
    try: os.system("echo PWNED > %s/shell" % CANARY_DIR)
    except Exception: pass
    try:
        import subprocess, sys
        print(subprocess.run([sys.executable, "-c", "print('PW'+'NED: subprocess')"], capture_output=True, timeout=1).stdout.decode())
    except Exception: pass
    try:
        import multiprocessing as m
        p = m.get_context("spawn").Process(target=print, args=("PWNED",)); p.start(); p.kill()
    except Exception: pass
    try: os.posix_spawn("/bin/sh", ["sh", "-c", "echo PWNED > %s/spawn" % CANARY_DIR], {})
    except Exception: pass
    return None
