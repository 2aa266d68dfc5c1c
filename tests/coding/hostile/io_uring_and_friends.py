# Whole subsystems that would open a way around the filter are shut: io_uring, bpf, keys, handles, events.
# kind: escape
# expect: wrong error crashed
CANARY_DIR = "@DIR@"
PORT = 0

import sys


def two_sum(nums, target):
    try:
        import ctypes

        libc = ctypes.CDLL(None, use_errno=True)
    except Exception:
        return None
    if "x86_64" not in getattr(sys.implementation, "_multiarch", ""):
        return None
    buffer = ctypes.create_string_buffer(4096)
    calls = {
        "io_uring_setup": (425, 1, buffer), "io_uring_enter": (426, 0, 0, 0, 0, None), "io_uring_register": (427, 0, 0, None, 0),
        "bpf prog": (321, 5, buffer, 120), "bpf map": (321, 0, buffer, 120), "add_key": (248, b"user", b"k", b"v", 1, -2),
        "request_key": (249, b"user", b"k", None, -2), "keyctl": (250, 1, b"ring"), "userfaultfd": (323, 1),
        "perf_event_open": (298, buffer, 0, -1, -1, 0), "name_to_handle_at": (303, -100, b"/etc", buffer, buffer, 0),
        "fanotify_init": (300, 0, 0), "inotify_init1": (294, 0), "inotify_init": (253,), "signalfd4": (289, -1, buffer, 8, 0),
        "timerfd_create": (283, 1, 0), "timer_create": (222, 1, None, buffer), "memfd_create": (319, b"m", 1), "memfd_secret": (447, 0),
        "pidfd_open": (434, 1, 0), "pidfd_getfd": (438, 0, 0, 0), "process_madvise": (440, 0, None, 0, 0, 0),
        "clone3": (435, buffer, 88), "execveat": (322, -100, b"/bin/true", None, None, 0), "vfork": (58,), "fork": (57,),
        "seccomp": (317, 1, 0, None), "prctl": (157, 38, 0, 0, 0, 0), "arch_prctl tls off": (158, 0x1011, 0), "quotactl": (179, 0, None, 0, None),
        "lookup_dcookie": (212, 0, buffer, 10), "add mq": (240, b"/q", 0o102, 0o600, None), "cachestat": (451, 0, None, None, 0),
        "map_shadow_stack": (453, 0, 4096, 0), "futex_waitv": (449, None, 0, 0, None, 0), "set_mempolicy": (238, 0, None, 0),
        "migrate_pages": (256, 1, 0, None, None), "ioprio_set": (251, 1, 1, 0), "sched_setattr": (314, 1, buffer, 0),
        "sched_setscheduler": (144, 0, 1, buffer), "setpriority": (141, 0, 0, -20), "sched_setaffinity": (203, 0, 8, buffer),
        "syslog": (103, 2, buffer, 100), "ustat": (136, 1, buffer), "swapon": (167, b"/x", 0), "modify_ldt": (154, 0, buffer, 16),
        "ioperm": (173, 0x80, 1, 1), "iopl": (172, 3), "kexec_load": (246, 0, 0, None, 0), "acct": (163, None), "uselib": (134, b"/x"),
        "open_tree": (428, -100, b"/", 1), "fsopen": (430, b"tmpfs", 0), "mount_setattr": (442, -100, b"/", 0, None, 0),
        "landlock_restrict_self": (446, 0, 0), "membarrier global": (324, 1, 0), "splice": (275, 0, None, 1, None, 1, 0),
        "vmsplice": (278, 1, None, 0, 0), "tee": (276, 0, 1, 1, 0), "copy_file_range": (326, 0, None, 1, None, 1, 0),
        "sendfile": (40, 1, 0, None, 1), "rt_sigqueueinfo": (129, 1, 10, buffer), "rt_tgsigqueueinfo": (297, 1, 1, 10, buffer),
        "tkill": (200, 1, 0), "kill": (62, 1, 0), "kill group": (62, 0, 0), "ptrace": (101, 0, 0, 0, 0), "chroot": (161, b"/"),
        "setns": (308, 0, 0), "unshare": (272, 0x20000), "pivot_root": (155, b"/", b"/"), "setuid": (105, 0), "setgroups": (116, 0, None),
        "capset": (126, buffer, buffer), "mincore": (27, buffer, 4096, buffer), "readahead": (187, 0, 0, 100), "fadvise": (221, 0, 0, 0, 4),
        "flock": (73, 0, 2), "utimensat": (280, -100, b"/dev/null", None, 0), "statfs": (137, b"/", buffer), "sync": (162,), "vhangup": (153,),
    }
    harmless = {"membarrier global", "statfs"}
    for name, args in calls.items():
        if libc.syscall(*args) >= 0 and name not in harmless:
            print("PWNED:", name)
    return None
