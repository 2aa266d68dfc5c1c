# (Pyodide) Lines written by JS straight to the pipe, then Deno.exit(0)/process.exit(0).
# kind: forge
# expect: wrong error protocol crashed
CANARY_DIR = "@DIR@"
PORT = 0

import json
def two_sum(nums, target):
    try:
        import js
    except ImportError:
        return None
    b = "".join(json.dumps({"kind": "case", "id": i, "status": "passed", "passed": True, "value": [0, 1]}) + "\n" for i in range(30))
    js.globalThis.hostile_lines = b
    for code in ("Deno.stdout.writeSync(new TextEncoder().encode(hostile_lines)); Deno.exit(0)",
                 "process.getBuiltinModule('fs').writeSync(1, hostile_lines); process.exit(0)"):
        try: js.eval(code)
        except Exception: pass
    return None
