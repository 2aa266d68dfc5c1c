# (Pyodide) pyodide_js._api / FS.mount(NODEFS) / loadPackage must not give host files.
# kind: escape
# expect: wrong error crashed
CANARY_DIR = "@DIR@"
PORT = 0

def two_sum(nums, target):
    try:
        import pyodide_js
    except ImportError:
        return None
    try:
        FS = pyodide_js.FS
        FS.mkdirTree("/mnt/host")
        FS.mount(FS.filesystems.NODEFS, __import__("pyodide.ffi").ffi.to_js({"root": "/"}, dict_converter=__import__("js").Object.fromEntries), "/mnt/host")
        import os
        if "etc" in os.listdir("/mnt/host"): print("PWNED: NODEFS mount", os.listdir("/mnt/host")[:4])
    except Exception as e:
        pass
    for n in ("loadBinaryFile", "loadBinaryFile_node"):
        try:
            r = getattr(pyodide_js._api, n)("/etc/passwd")
            from pyodide.ffi import run_sync
            r = run_sync(r); print("PWNED: loadBinaryFile", bytes(r.to_py())[:20])
        except Exception:
            pass
    return None
