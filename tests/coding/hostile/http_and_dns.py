# No name look-ups, no HTTP client, no fetch.
# kind: escape
# expect: wrong error timeout
CANARY_DIR = "@DIR@"
PORT = 0

def two_sum(nums, target):
    try:
        import urllib.request
        if urllib.request.urlopen("http://127.0.0.1:%d/pwned" % PORT, timeout=0.5).read(): print("PWNED: http")
    except Exception:
        pass
    try:
        import socket
        r = socket.getaddrinfo("localhost", PORT)
    except Exception:
        pass
    try:
        from pyodide.http import open_url
        open_url("http://127.0.0.1:%d/pwned" % PORT); print("PWNED: open_url")
    except Exception:
        pass
    return None
