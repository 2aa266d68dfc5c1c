"""The native child: `python -I -S main.py`, told by its first input line how to lock itself in.

Moves the protocol away from file descriptors 0 to 2, imports what would need files that are out of reach
afterwards, locks, says ready, then answers line by line. It never returns: `os._exit` skips what the
candidate's code may have registered for the end.
"""

# mypy: ignore-errors
# (a program of its own, run by `python -I -S` or inside Pyodide; its speed at start is what matters)

import os
import sys

_HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, _HERE)


def _start():
    requests = os.fdopen(os.dup(0), "rb", 1 << 16)
    answers = os.dup(1)
    null = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(null, fd)
    os.close(null)

    def send(text):
        data = text.encode("utf-8", "surrogatepass") + b"\n"
        while data:
            data = data[os.write(answers, data) :]

    import json

    config = json.loads(requests.readline())
    os.nice(config["nice"])  # being less urgent is never refused
    import core

    if config["numpy"]:
        _import_numpy(config["numpy"])
    if config["lock"]:
        import lockdown

        try:
            lockdown.lock(
                config["read"], config["list"], config["memory_mb"], config["cpu_s"], config["parent"]
            )
        except (OSError, KeyError, ValueError) as error:
            send(json.dumps({"op": "ready", "failed": f"{type(error).__name__}: {error}"}))
            os._exit(3)
        del lockdown
    sys.path[:] = [p for p in sys.path if p != _HERE and p != config["numpy"]]
    for name in ("lockdown", "core"):
        sys.modules.pop(name, None)
    sys.path_importer_cache.clear()
    sys.argv[:] = [core.SOLUTION]
    sys.orig_argv[:] = [core.SOLUTION]
    session = core.Session()
    send(json.dumps({"op": "ready", "python": ".".join(map(str, sys.version_info[:3]))}))
    while True:
        line = requests.readline()
        if not line:
            os._exit(0)
        send(session.handle(line))


def _import_numpy(folder):
    """numpy from `folder`, which leaves the import path again: nothing else of it may be imported."""
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    os.environ["OMP_NUM_THREADS"] = "1"
    sys.path.append(folder)
    import numpy
    import numpy.fft
    import numpy.lib.stride_tricks
    import numpy.linalg
    import numpy.ma
    import numpy.polynomial
    import numpy.random
    import numpy.testing  # noqa: F401


_start()
