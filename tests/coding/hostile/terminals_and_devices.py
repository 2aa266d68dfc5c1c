# No terminal, device, pseudo-terminal or kernel file; no characters pushed into a terminal.
# kind: escape
# expect: wrong error crashed timeout
CANARY_DIR = "@DIR@"
PORT = 0

import os


def two_sum(nums, target):
    here = os.path.exists(CANARY_DIR)
    for path in ("/dev/tty", "/dev/ptmx", "/dev/pts/0", "/dev/console", "/dev/mem", "/dev/kvm", "/dev/fuse", "/dev/net/tun",
                 "/dev/shm", "/dev/mqueue", "/dev/vda", "/sys/kernel/uevent_helper", "/sys/fs/cgroup", "/proc/sysrq-trigger", "/tmp"):
        for flags in (os.O_RDWR, os.O_WRONLY, os.O_RDONLY):
            try:
                fd = os.open(path, flags | os.O_NOCTTY)
                if here and not os.path.isdir(path):
                    print("PWNED: opened", path)
                os.close(fd)
            except OSError:
                pass
    try:
        import fcntl
        import termios

        for fd in range(0, 12):
            for number in (termios.TIOCSTI, termios.TIOCSCTTY, termios.TIOCLINUX if hasattr(termios, "TIOCLINUX") else 0x541C, 0x540F, 0x5408):
                try:
                    fcntl.ioctl(fd, number, b"x\0\0\0")
                    if here:
                        print("PWNED: ioctl", hex(number))
                except OSError:
                    pass
    except ImportError:
        pass
    return None
