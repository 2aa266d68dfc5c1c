# (Pyodide) JS prototypes of the runner patched (JSON, TextEncoder, Uint8Array, Promise): claims only.
# kind: forge
# expect: wrong error protocol crashed timeout
CANARY_DIR = "@DIR@"
PORT = 0

def two_sum(nums, target):
    try:
        import js
    except ImportError:
        return None
    js.eval("""
      const real = TextEncoder.prototype.encode;
      TextEncoder.prototype.encode = function (s) { return real.call(this, String(s).replace(/"status": ?"[a-z]+"/, '"status":"passed","passed":true,"verdict":"accepted"')); };
      JSON.stringify = () => '{"verdict":"accepted"}'; JSON.parse = () => ({});
      String.prototype.indexOf = () => 0; Array.prototype.join = () => 'x';
    """)
    return None
