"""A second wall around another program (Linux): locks this process in, then becomes that program.

`python -I -S launch.py CONFIG_JSON PROGRAM ARG...`. Landlock, rlimits and a seccomp deny-list: a deny-list,
because the program is a JavaScript engine with threads and a compiler of its own, whose needs cannot be
listed. The wall behind it is the program's own refusal of every permission. Fails closed.
"""

# mypy: ignore-errors
# (a program of its own, run by `python -I -S`)

import json
import os
import resource
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import lockdown

DENY_X86_64 = {
    "socket": 41, "connect": 42, "accept": 43, "sendto": 44, "sendmsg": 46, "bind": 49, "listen": 50,
    "fork": 57, "vfork": 58, "kill": 62, "rename": 82, "mkdir": 83, "rmdir": 84, "creat": 85, "link": 86,
    "unlink": 87, "symlink": 88, "chmod": 90, "fchmod": 91, "chown": 92, "fchown": 93, "lchown": 94,
    "ptrace": 101, "syslog": 103, "setuid": 105, "setgid": 106, "rt_sigqueueinfo": 129, "mknod": 133,
    "personality": 135, "setpriority": 141, "sched_setscheduler": 144, "pivot_root": 155, "chroot": 161,
    "acct": 163, "settimeofday": 164, "mount": 165, "umount2": 166, "swapon": 167, "reboot": 169,
    "sethostname": 170, "init_module": 175, "delete_module": 176, "quotactl": 179, "setxattr": 188,
    "lsetxattr": 189, "fsetxattr": 190, "tkill": 200, "mbind": 237, "mq_open": 240, "add_key": 248,
    "request_key": 249, "keyctl": 250, "ioprio_set": 251, "mkdirat": 258, "mknodat": 259, "fchownat": 260,
    "unlinkat": 263, "renameat": 264, "linkat": 265, "symlinkat": 266, "fchmodat": 268, "unshare": 272,
    "utimensat": 280, "accept4": 288, "perf_event_open": 298, "name_to_handle_at": 303,
    "open_by_handle_at": 304, "setns": 308, "process_vm_readv": 310, "process_vm_writev": 311, "kcmp": 312,
    "finit_module": 313, "renameat2": 316, "bpf": 321, "execveat": 322, "userfaultfd": 323,
    "pidfd_send_signal": 424, "io_uring_setup": 425, "open_tree": 428, "move_mount": 429, "fsopen": 430,
    "fsmount": 432, "pidfd_open": 434, "pidfd_getfd": 438, "process_madvise": 440, "mount_setattr": 442,
    "memfd_secret": 447, "shmget": 29, "semget": 64, "msgget": 68,
}  # fmt: skip
DENY_AARCH64 = {
    "setxattr": 5, "lsetxattr": 6, "fsetxattr": 7, "ioprio_set": 30, "mknodat": 33, "mkdirat": 34,
    "unlinkat": 35, "symlinkat": 36, "linkat": 37, "renameat": 38, "umount2": 39, "mount": 40,
    "pivot_root": 41, "chroot": 51, "fchmod": 52, "fchmodat": 53, "fchownat": 54, "fchown": 55,
    "quotactl": 60, "utimensat": 88, "acct": 89, "personality": 92, "unshare": 97, "init_module": 105,
    "delete_module": 106, "syslog": 116, "ptrace": 117, "sched_setscheduler": 119, "kill": 129, "tkill": 130,
    "rt_sigqueueinfo": 138, "setpriority": 140, "reboot": 142, "setgid": 144, "setuid": 146,
    "sethostname": 161, "settimeofday": 170, "mq_open": 180, "msgget": 186, "semget": 190, "shmget": 194,
    "socket": 198, "bind": 200, "listen": 201, "accept": 202, "connect": 203, "sendto": 206, "sendmsg": 211,
    "add_key": 217, "request_key": 218, "keyctl": 219, "swapon": 224, "mbind": 235, "perf_event_open": 241,
    "accept4": 242, "name_to_handle_at": 264, "open_by_handle_at": 265, "setns": 268, "process_vm_readv": 270,
    "process_vm_writev": 271, "kcmp": 272, "finit_module": 273, "renameat2": 276, "bpf": 280, "execveat": 281,
    "userfaultfd": 282, "pidfd_send_signal": 424, "io_uring_setup": 425, "open_tree": 428, "move_mount": 429,
    "fsopen": 430, "fsmount": 432, "pidfd_open": 434, "pidfd_getfd": 438, "process_madvise": 440,
    "mount_setattr": 442, "memfd_secret": 447,
}  # fmt: skip
DENIED = {"x86_64": DENY_X86_64, "aarch64": DENY_AARCH64}


def deny_list(machine):
    """The filter: everything but the listed calls; new processes are refused, new threads are not."""
    arch, _, special = lockdown.ARCHES[machine]
    out = [(0x20, 0, 0, 4), (0x15, 1, 0, arch), (0x06, 0, 0, 0x80000000), (0x20, 0, 0, 0)]
    if machine == "x86_64":
        out += [(0x35, 0, 1, 0x40000000), (0x06, 0, 0, 0x80000000)]
    out += [(0x15, 0, 1, special["clone3"]), (0x06, 0, 0, 0x00050026)]
    # clone: threads only
    out += [(0x15, 0, 4, special["clone"]), (0x20, 0, 0, 16), (0x45, 0, 1, 0x10000)]
    out += [(0x06, 0, 0, 0x7FFF0000), (0x06, 0, 0, 0x00050001)]
    # fcntl may not choose who gets signals: F_SETOWN, F_SETSIG, F_SETOWN_EX
    out += [(0x15, 0, 6, special["fcntl"]), (0x20, 0, 0, 24)]
    out += [
        (0x15, 2, 0, 8),
        (0x15, 1, 0, 10),
        (0x15, 0, 1, 15),
        (0x06, 0, 0, 0x00050001),
        (0x06, 0, 0, 0x7FFF0000),
    ]
    for number in sorted(DENIED[machine].values()):
        out += [(0x15, 0, 1, number), (0x06, 0, 0, 0x00050001)]
    return [*out, (0x06, 0, 0, 0x7FFF0000)]


def main():
    config, argv = json.loads(sys.argv[1]), sys.argv[2:]
    machine = os.uname().machine
    program = deny_list(machine)
    lockdown.die_with_parent(config["parent"])
    os.nice(config["nice"])
    for what, soft, hard in (
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_CPU, config["cpu_s"], config["cpu_s"] + 1),
        (resource.RLIMIT_FSIZE, 0, 0),
        (resource.RLIMIT_NOFILE, 128, 128),
        (resource.RLIMIT_DATA, config["data_mb"] << 20, config["data_mb"] << 20),
    ):
        resource.setrlimit(what, (soft, hard))
    lockdown._prctl(38, 1, 0, 0, 0)
    lockdown.landlock(config["read"], execute=config["execute"])
    lockdown.drop_capabilities()
    lockdown.install(program, machine)
    os.execve(argv[0], argv, dict(os.environ))


main()
