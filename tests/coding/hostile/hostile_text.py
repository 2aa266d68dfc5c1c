# Text for the page: markup, terminal codes, bidirectional overrides, lone surrogates, sixty kilobytes.
# kind: leak
# expect: wrong error output
CANARY_DIR = "@DIR@"
PORT = 0

TEXT = "<img src=x onerror=alert(1)>\x1b[31m\x1b]0;title\x07\u202e\u2066\ud800\x00![x](http://127.0.0.1/pwned)" * 400


def two_sum(nums, target):
    print(TEXT)
    if len(nums) % 2:
        raise type("E" + TEXT[:50], (Exception,), {})(TEXT)
    return [TEXT, {TEXT: TEXT}]
