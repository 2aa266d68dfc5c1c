# Limits and walls cannot be taken down from inside.
# kind: escape
# expect: wrong error crashed
CANARY_DIR = "@DIR@"
PORT = 0

import os


def two_sum(nums, target):
    try:
        import resource
    except ImportError:
        return None
    for what in (resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE):
        try:
            resource.setrlimit(what, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
            print("PWNED: raised a limit", what)
        except (OSError, ValueError):
            pass
    for change in (lambda: os.setuid(0), lambda: os.setgid(0), lambda: os.chroot("/"), lambda: os.chdir(CANARY_DIR), lambda: os.setpgid(0, 0)):
        try:
            change()
            if change.__code__.co_names[1:] == ("chdir",) or "chdir" in change.__code__.co_names:
                os.chdir("/")
                continue
            print("PWNED:", change.__code__.co_names)
        except OSError:
            pass
    return None
