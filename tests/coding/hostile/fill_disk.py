# No more than the scratch quota is written; nothing stays after the run.
# kind: resource
# expect: error wrong timeout output crashed memory
CANARY_DIR = "@DIR@"
PORT = 0

import os, tempfile
def two_sum(nums, target):
    n = 0
    for d in (".", tempfile.gettempdir() if hasattr(tempfile, "gettempdir") else "/tmp", "/dev/shm", "/var/tmp"):
        try:
            with open(os.path.join(d, "hostile_fill.bin"), "wb") as f:
                for _ in range(300):
                    f.write(b"0" * (1 << 20)); n += 1
        except (OSError, MemoryError):
            pass
    if n > 256:
        try:
            os.stat("/tmp/hostile_canary"); print("PWNED: wrote", n, "MB on the host")
        except OSError:
            print("wrote", n, "MB in a private file system")
    return None
