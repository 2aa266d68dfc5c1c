# (Pyodide) JS heap flood, WebAssembly.Memory of 4 GB and Worker bombs stay under the process limit.
# kind: resource
# expect: memory timeout error crashed wrong
CANARY_DIR = "@DIR@"
PORT = 0

def two_sum(nums, target):
    try:
        import js
    except ImportError:
        return None
    js.eval("""
      globalThis.k = [];
      try { for (let i = 0; i < 64; i++) k.push(new Worker('data:application/javascript,for(;;);', {type:'module'})); } catch (e) {}
      try { const m = new WebAssembly.Memory({initial: 65536, maximum: 65536}); new Uint8Array(m.buffer).fill(1); k.push(m); } catch (e) {}
      for (;;) { const a = new Uint8Array(64<<20); a.fill(1); k.push(a); }
    """)
    return None
