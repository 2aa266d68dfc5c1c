# (Pyodide) dynamic imports (file:, data:, blob:, text/json attributes), caches, WebGPU, workers, once awaited, reach nothing.
# kind: escape
# expect: wrong error timeout crashed
CANARY_DIR = "@DIR@"
PORT = 0

def two_sum(nums, target):
    try:
        import js
        from pyodide.ffi import run_sync
    except ImportError:
        return None
    code = """
    (async () => { const r = []; const P = ['file:///etc/', 'passwd'].join('');
      const t = async (n, f) => { try { const v = await f(); if (v) r.push(n + '=' + String(v).slice(0, 50)); } catch (e) { if (String(e.message).includes('root:x')) r.push(n + ' leaks ' + e.message.slice(0, 60)); } };
      await t('import', () => import(P).then(() => 'ok'));
      await t('text', () => import(P, {with: {type: 'text'}}).then(() => 'ok'));
      await t('data', () => import('data:application/javascript,import "' + P + '"').then(() => 'ok'));
      await t('blob', () => import(URL.createObjectURL(new Blob(['import "' + P + '"'], {type: 'application/javascript'}))).then(() => 'ok'));
      await t('fetch', () => fetch('http://127.0.0.1:%d/pwned').then(x => x.status));
      await t('fetchfile', () => fetch(P).then(x => x.text()));
      await t('caches', async () => { const c = await caches.open('h'); await c.put('http://h/a', new Response('x'.repeat(1000))); return 'stored'; });
      await t('fs', () => import('node:' + 'fs').then(m => m.readFileSync('/etc/passwd', 'utf8')));
      await t('cp', () => import('node:' + 'child_process').then(m => m.execSync('id')));
      await t('os', () => import('node:' + 'os').then(m => m.hostname()));
      await t('net', () => import('node:' + 'net').then(m => new Promise((a, b) => { const s = m.connect(%d, '127.0.0.1'); s.on('connect', () => a('tcp')); s.on('error', b); })));
      return r.join('; '); })()
    """ % (PORT, PORT)
    try:
        r = run_sync(js.eval(code))
    except Exception as e:
        print("no async:", type(e).__name__); return None
    if r: print("PWNED: js", r)
    return None
