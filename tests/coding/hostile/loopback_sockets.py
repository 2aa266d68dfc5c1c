# No TCP/UDP to 127.0.0.1 / ::1 (the app's own port, databases, cloud metadata).
# kind: escape
# expect: wrong error timeout
CANARY_DIR = "@DIR@"
PORT = 0

def two_sum(nums, target):
    import socket
    for fam, addr in ((socket.AF_INET, ("127.0.0.1", PORT)), (socket.AF_INET6, ("::1", PORT)), (socket.AF_INET, ("169.254.169.254", 80))):
        try:
            s = socket.socket(fam, socket.SOCK_STREAM); s.settimeout(0.3); s.connect(addr)
            s.sendall(b"GET /pwned HTTP/1.0\r\n\r\n")
            if s.recv(16): print("PWNED: connected to", addr)
        except Exception:
            pass
    try:
        u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); u.sendto(b"pwned", ("127.0.0.1", PORT))
    except Exception:
        pass
    return None
