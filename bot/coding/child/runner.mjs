// The child of the deno engine: CPython compiled to WebAssembly (Pyodide), in a Deno process without permissions.
//
// Started with read access to the folder of its assets and nothing else. Reads a config line, boots Python (from a
// memory snapshot when there is one), gives up the read permission, says ready, and then hands every request line to
// core.py. With {"make": true} it writes a memory snapshot to standard output instead and ends.

const encoder = new TextEncoder();
const decoder = new TextDecoder();

function send(bytes) {
  while (bytes.length) bytes = bytes.subarray(Deno.stdout.writeSync(bytes));
}

let pending = new Uint8Array(0);
function readLine() {
  const parts = [];
  for (;;) {
    const end = pending.indexOf(10);
    if (end >= 0) {
      parts.push(pending.slice(0, end));
      pending = pending.slice(end + 1);
      break;
    }
    parts.push(pending);
    const block = new Uint8Array(1 << 16);
    const size = Deno.stdin.readSync(block);
    if (size === null) return null;
    pending = block.subarray(0, size);
  }
  const whole = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const part of parts) { whole.set(part, at); at += part.length; }
  return decoder.decode(whole);
}

const config = JSON.parse(readLine());

// a memory that cannot grow beyond the limit, whatever asks for it
const Memory = WebAssembly.Memory;
const most = config.memory_mb * 16; // pages of 64 kB
WebAssembly.Memory = function (wanted) {
  return new Memory({ ...wanted, maximum: Math.min(wanted.maximum ?? most, most) });
};
WebAssembly.Memory.prototype = Memory.prototype;

const { loadPyodide } = await import(config.assets + "pyodide.mjs");
const options = {
  indexURL: config.folder,
  stdout: () => {},
  stderr: () => {},
  stdin: () => null,
  env: { HOME: "/", LANG: "C.UTF-8", PYTHONHASHSEED: String(config.seed) },
  checkAPIVersion: false,
};
if (config.make) {
  const python = await loadPyodide({ ...options, _makeSnapshot: true });
  send(python.makeMemorySnapshot());
  Deno.exit(0);
}
if (config.snapshot) options._loadSnapshot = Deno.readFileSync(config.snapshot);
const python = await loadPyodide(options);
const scope = python.globals.get("dict")();
scope.set("__name__", "core");
python.runPython(config.core, { globals: scope, filename: "core.py" });
const session = python.runPython("import random as _r; _r.seed(); Session()", { globals: scope });
const handle = session.handle;
await Deno.permissions.revoke({ name: "read" });
const version = python.runPython("import sys; '.'.join(map(str, sys.version_info[:3]))");
send(encoder.encode(JSON.stringify({ op: "ready", python: version }) + "\n"));

for (;;) {
  const line = readLine();
  if (line === null) Deno.exit(0);
  // callPromising gives Python a stack of its own (JSPI): deep recursion works, and so does asyncio.run
  const answer = await handle.callPromising(line);
  send(encoder.encode(answer + "\n"));
}
