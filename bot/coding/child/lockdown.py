"""Locks the calling process in, for good: no_new_privs, Landlock, rlimits, a seccomp allow-list. Linux, no root.

Standard library and ctypes only, because it runs in the child before the candidate's first byte, under
`python -I -S`. It knows nothing about problems or protocols. It fails closed: whatever cannot be applied
raises `OSError`, and the engine that wanted it is then not available.

Sources: landlock(7), seccomp(2), linux/audit.h, linux/filter.h, and the syscall tables of Linux 6.x
(arch/x86/entry/syscalls/syscall_64.tbl; include/uapi/asm-generic/unistd.h for aarch64).
"""

# mypy: ignore-errors
# (a program of its own, run by `python -I -S` or inside Pyodide; its speed at start is what matters)

import ctypes
import os
import resource
import struct

_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long


def _syscall(number, *args):
    result = _libc.syscall(
        ctypes.c_long(number), *[ctypes.c_long(a) if isinstance(a, int) else a for a in args]
    )
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result


def _prctl(*args):
    if _libc.prctl(*[ctypes.c_ulong(a) for a in args]) != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))


# ------------------------------------------------------------------------------------------------ Landlock

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR, _TRUNCATE = 1 << 0, 1 << 1, 1 << 2, 1 << 3, 1 << 14


def landlock_abi():
    """The Landlock version of the running kernel, 0 when there is none (or it is switched off)."""
    try:
        return _syscall(_CREATE_RULESET, 0, 0, 1)
    except OSError:
        return 0


def landlock(read, list_only=(), execute=()):
    """Refuse every file right except reading below `read`, listing `list_only`, executing `execute`."""
    abi = landlock_abi()
    if abi < 1:
        raise OSError(38, "this kernel has no Landlock")
    rights = (1 << 13) - 1  # version 1: execute ... make_sym
    rights |= (1 << 13 if abi >= 2 else 0) | (1 << 14 if abi >= 3 else 0) | (1 << 15 if abi >= 5 else 0)
    net = 3 if abi >= 4 else 0  # bind and connect TCP
    scoped = 3 if abi >= 6 else 0  # abstract unix sockets, signals
    attr = struct.pack("<QQQ", rights, net, scoped)[: 8 if abi < 4 else 16 if abi < 6 else 24]
    ruleset = _syscall(_CREATE_RULESET, ctypes.create_string_buffer(attr, len(attr)), len(attr), 0)
    wanted = [(p, _READ_FILE | _READ_DIR) for p in read]
    wanted += [(p, _READ_DIR) for p in list_only]
    wanted += [(p, _EXECUTE | _READ_FILE | _READ_DIR) for p in execute]
    wanted += [
        (os.devnull, (_READ_FILE | _WRITE_FILE | _TRUNCATE) & rights)
    ]  # where people send output to die
    for path, allowed in wanted:
        try:
            fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except OSError:
            continue  # a path that is not there needs no rule
        if not os.path.isdir(path):
            allowed &= ~_READ_DIR
        rule = struct.pack("<Qi", allowed, fd)
        _syscall(_ADD_RULE, ruleset, 1, ctypes.create_string_buffer(rule, len(rule)), 0)
        os.close(fd)
    _syscall(_RESTRICT_SELF, ruleset, 0)
    os.close(ruleset)
    return abi


# ------------------------------------------------------------------------------------------------ seccomp

# What CPython, numpy, threads and asyncio need and nothing else. Calls that are allowed only with certain
# arguments are not here but in the special tables.
X86_64 = {
    "read": 0, "write": 1, "open": 2, "close": 3, "stat": 4, "fstat": 5, "lstat": 6, "poll": 7, "lseek": 8,
    "mmap": 9, "mprotect": 10, "munmap": 11, "brk": 12, "rt_sigaction": 13, "rt_sigprocmask": 14,
    "rt_sigreturn": 15, "pread64": 17, "readv": 19, "writev": 20, "access": 21, "select": 23,
    "sched_yield": 24, "mremap": 25, "madvise": 28, "dup": 32, "dup2": 33, "nanosleep": 35, "getpid": 39,
    "sendto": 44, "recvfrom": 45, "sendmsg": 46, "recvmsg": 47, "shutdown": 48, "getsockname": 51,
    "getsockopt": 55, "exit": 60, "getcwd": 79, "readlink": 89, "gettimeofday": 96,
    "getrlimit": 97, "getrusage": 98, "sysinfo": 99, "times": 100, "getuid": 102, "getgid": 104,
    "geteuid": 107, "getegid": 108, "getppid": 110, "getpgrp": 111, "sigaltstack": 131,
    "gettid": 186, "futex": 202, "sched_getaffinity": 204, "getdents64": 217, "set_tid_address": 218,
    "restart_syscall": 219, "clock_gettime": 228, "clock_getres": 229, "clock_nanosleep": 230,
    "exit_group": 231, "epoll_wait": 232, "epoll_ctl": 233, "openat": 257, "newfstatat": 262,
    "readlinkat": 267, "faccessat": 269, "pselect6": 270, "ppoll": 271, "set_robust_list": 273,
    "epoll_pwait": 281, "eventfd2": 290, "epoll_create1": 291, "dup3": 292, "pipe2": 293, "getcpu": 309,
    "getrandom": 318, "membarrier": 324, "statx": 332, "rseq": 334, "faccessat2": 439,
}  # fmt: skip
X86_64_SPECIAL = {
    "ioctl": 16, "socketpair": 53, "clone": 56, "fcntl": 72, "tgkill": 234, "prlimit64": 302, "seccomp": 317,
    "clone3": 435,
}  # fmt: skip
AARCH64 = {
    "getcwd": 17, "eventfd2": 19, "epoll_create1": 20, "epoll_ctl": 21, "epoll_pwait": 22, "dup": 23,
    "dup3": 24, "faccessat": 48, "openat": 56, "close": 57, "pipe2": 59, "getdents64": 61, "lseek": 62,
    "read": 63, "write": 64, "readv": 65, "writev": 66, "pread64": 67, "pselect6": 72, "ppoll": 73,
    "readlinkat": 78, "newfstatat": 79, "fstat": 80, "exit": 93, "exit_group": 94, "set_tid_address": 96,
    "futex": 98, "set_robust_list": 99, "nanosleep": 101, "clock_gettime": 113, "clock_getres": 114,
    "clock_nanosleep": 115, "sched_getaffinity": 123, "sched_yield": 124, "restart_syscall": 128,
    "sigaltstack": 132, "rt_sigaction": 134, "rt_sigprocmask": 135, "rt_sigreturn": 139, "times": 153,
    "getrlimit": 163, "getrusage": 165, "getcpu": 168, "gettimeofday": 169, "getpid": 172, "getppid": 173,
    "getuid": 174, "geteuid": 175, "getgid": 176, "getegid": 177, "gettid": 178, "sysinfo": 179,
    "getsockname": 204, "sendto": 206, "recvfrom": 207, "getsockopt": 209, "shutdown": 210,
    "sendmsg": 211, "recvmsg": 212, "brk": 214, "munmap": 215, "mremap": 216, "mmap": 222, "mprotect": 226,
    "madvise": 233, "getrandom": 278, "membarrier": 283, "statx": 291, "rseq": 293, "faccessat2": 439,
}  # fmt: skip
AARCH64_SPECIAL = {
    "fcntl": 25, "ioctl": 29, "tgkill": 131, "socketpair": 199, "clone": 220, "prlimit64": 261,
    "seccomp": 277, "clone3": 435,
}  # fmt: skip

ARCHES = {
    "x86_64": (0xC000003E, X86_64, X86_64_SPECIAL),
    "aarch64": (0xC00000B7, AARCH64, AARCH64_SPECIAL),
}

_LD, _JEQ, _JGE, _JSET, _AND, _RET = 0x20, 0x15, 0x35, 0x45, 0x54, 0x06
_ALLOW, _KILL = 0x7FFF0000, 0x80000000
_EPERM, _ENOSYS = 0x00050001, 0x00050026
_ARG0, _ARG1, _ARG2, _ARG2_HIGH = 16, 24, 32, 36
_CLONE_THREAD = 0x10000
#: isatty, non-blocking, close-on-exec, bytes waiting, window size; never FIOSETOWN, FIOASYNC, TIOCSTI
IOCTLS = (0x5401, 0x5421, 0x5450, 0x5451, 0x541B, 0x5413)
#: F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_DUPFD_CLOEXEC; F_SETFL has its own rule; never F_SETOWN, F_SETSIG
FCNTLS = (0, 1, 2, 3, 1030)
_F_SETFL, _O_ASYNC = 4, 0x2000


def allow_list(machine, pid):
    """The filter as instructions (code, jump_true, jump_false, k): what is not allowed ends in EPERM."""
    arch, allow, special = ARCHES[machine]
    out = []

    def emit(code, k, yes=0, no=0):
        out.append((code, yes, no, k))

    def when(name, *tests):
        """Allow `name` if the tests (each leaves the next instruction on success) hold, else EPERM."""
        size = len(tests) + 2
        emit(_JEQ, special[name], 0, size)
        for i, (code, k) in enumerate(tests):
            left = len(tests) - i - 1
            jump = code in (_JEQ, _JSET)
            emit(code, k, 0, left + 1 if jump else 0)
        emit(_RET, _ALLOW)
        emit(_RET, _EPERM)

    def when_in(name, offset, values):
        emit(_JEQ, special[name], 0, len(values) + 3)
        emit(_LD, offset)
        for i, value in enumerate(values):
            emit(_JEQ, value, len(values) - i, 0)
        emit(_RET, _EPERM)
        emit(_RET, _ALLOW)

    emit(_LD, 4)
    emit(_JEQ, arch, 1, 0)
    emit(_RET, _KILL)
    emit(_LD, 0)
    if machine == "x86_64":  # the x32 table would bypass every number below
        emit(_JGE, 0x40000000, 0, 1)
        emit(_RET, _KILL)
    emit(_JEQ, special["clone3"], 0, 1)  # glibc then falls back to clone, whose flags a filter can read
    emit(_RET, _ENOSYS)
    when("clone", (_LD, _ARG0), (_JSET, _CLONE_THREAD))
    when("tgkill", (_LD, _ARG0), (_JEQ, pid))  # abort() and raise() of its own process
    # asyncio's self-pipe. Stream only: a datagram pair could sendto() any unix socket of the host.
    when("socketpair", (_LD, _ARG0), (_JEQ, 1), (_LD, _ARG1), (_AND, 0xF), (_JEQ, 1))
    when("prlimit64", (_LD, _ARG2), (_JEQ, 0), (_LD, _ARG2_HIGH), (_JEQ, 0))  # read only
    when_in("ioctl", _ARG1, IOCTLS)
    # fcntl: F_SETOWN plus O_ASYNC would send SIGIO to the parent, which shares our uid
    emit(_JEQ, special["fcntl"], 0, len(FCNTLS) + 7)
    emit(_LD, _ARG1)
    for i, value in enumerate(FCNTLS):
        emit(_JEQ, value, len(FCNTLS) - i + 4, 0)
    emit(_JEQ, _F_SETFL, 1, 0)
    emit(_RET, _EPERM)
    emit(_LD, _ARG2)
    emit(_JSET, _O_ASYNC, 0, 1)
    emit(_RET, _EPERM)
    emit(_RET, _ALLOW)
    for number in sorted(set(allow.values())):
        emit(_JEQ, number, 0, 1)
        emit(_RET, _ALLOW)
    emit(_RET, _EPERM)
    return out


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def install(program, machine):
    """Hand a filter to the kernel, for every thread of this process."""
    raw = b"".join(struct.pack("<HBBI", code, yes, no, k & 0xFFFFFFFF) for code, yes, no, k in program)
    buffer = ctypes.create_string_buffer(raw, len(raw))
    handle = _Program(len(program), ctypes.addressof(buffer))
    _syscall(ARCHES[machine][2]["seccomp"], 1, 1, ctypes.byref(handle))  # SET_MODE_FILTER, TSYNC


# ------------------------------------------------------------------------------------------------ all of it


def rlimits(memory_mb, cpu_s, files=64):
    """Address space, processor seconds, no file content, no core, few descriptors, a deep main stack."""
    hard = resource.getrlimit(resource.RLIMIT_STACK)[1]
    stack = 100 << 20 if hard == resource.RLIM_INFINITY else min(100 << 20, hard)
    for what, soft, top in (
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_STACK, stack, stack),
        (resource.RLIMIT_CPU, cpu_s, cpu_s + 1),
        (resource.RLIMIT_AS, memory_mb << 20, memory_mb << 20),
        (resource.RLIMIT_FSIZE, 0, 0),
        (resource.RLIMIT_NOFILE, files, files),
        (resource.RLIMIT_MEMLOCK, 0, 0),
        (resource.RLIMIT_MSGQUEUE, 0, 0),
        (resource.RLIMIT_SIGPENDING, 64, 64),
    ):
        limit = resource.getrlimit(what)[1]
        if limit != resource.RLIM_INFINITY:
            soft, top = min(soft, limit), min(top, limit)
        resource.setrlimit(what, (soft, top))


CAPSET = {"x86_64": 126, "aarch64": 91}


def drop_capabilities():
    """None is left, also for root: with them a limit of the kernel for one user is no limit."""
    header = struct.pack("<Ii", 0x20080522, 0)
    _syscall(
        CAPSET[os.uname().machine],
        ctypes.create_string_buffer(header, len(header)),
        ctypes.create_string_buffer(24),
    )


def die_with_parent(parent):
    """SIGKILL when the thread that started us ends; `parent` closes the race before this call."""
    _prctl(1, 9, 0, 0, 0)
    if parent and os.getppid() != parent:
        os._exit(1)


def lock(read, list_only, memory_mb, cpu_s, parent=0):
    """Everything, in the order that works. Raises `OSError` or `KeyError` when a part cannot be applied."""
    machine = os.uname().machine
    program = allow_list(machine, os.getpid())
    die_with_parent(parent)
    _prctl(38, 1, 0, 0, 0)  # no_new_privs
    landlock(read, list_only)
    rlimits(memory_mb, cpu_s)
    drop_capabilities()
    install(program, machine)
