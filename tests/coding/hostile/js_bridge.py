# (Pyodide) `import js` must reach no file, env, network, process of the host.
# kind: escape
# expect: wrong error crashed
CANARY_DIR = "@DIR@"
PORT = 0

def two_sum(nums, target):
    code = """
    (() => { const r = [];
      const t = (n, f) => { try { const v = f(); if (v) r.push(n + '=' + String(v).slice(0, 60)); } catch (e) {} };
      t('deno-env', () => Deno.env.get('INTERVIEW_API_KEY'));
      t('deno-read', () => Deno.readTextFileSync('/etc/passwd'));
      t('deno-readdir', () => [...Deno.readDirSync('.')].map(x => x.name));
      t('deno-write', () => { Deno.writeTextFileSync('CANARY_DIR/js', 'x'); return 'wrote'; });
      t('deno-run', () => new Deno.Command('id').outputSync().stdout.length);
      t('deno-ffi', () => Deno.dlopen('libc.so.6', {getpid: {parameters: [], result: 'i32'}}).symbols.getpid());
      t('deno-sys', () => Deno.hostname());
      t('node-env', () => process.env.INTERVIEW_API_KEY);
      t('node-fs', () => process.getBuiltinModule('fs').readFileSync('/etc/passwd', 'utf8'));
      t('node-cp', () => process.getBuiltinModule('child_process').execSync('id'));
      t('node-binding', () => Object.keys(process.binding('fs')).includes('open') && 'binding');
      t('require', () => require('fs').readFileSync('/etc/passwd'));
      return r.join('; '); })()
    """.replace("CANARY_DIR", CANARY_DIR)
    for get in (lambda: __import__("js").eval(code), lambda: __import__("pyodide.code").code.run_js(code), lambda: __import__("js").Function.new("return " + code)()):
        try:
            r = get()
        except Exception:
            continue
        if r: print("PWNED: js", r)
    return None
