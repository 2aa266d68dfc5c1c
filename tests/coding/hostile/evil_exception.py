# Exceptions whose __str__/__repr__/__traceback__ hang, raise or lie do not break the report.
# kind: forge
# expect: timeout error wrong crashed
CANARY_DIR = "@DIR@"
PORT = 0

class E(Exception):
    n = 0
    def __str__(self):
        E.n += 1
        if E.n > 2:
            while True: pass
        raise SystemExit(0)
    __repr__ = __str__
def two_sum(nums, target):
    e = E("<script>x</script>")
    e.__cause__ = e.__context__ = E()
    raise e
