# Nothing of the application is in sight: no argument, path, module or environment of it.
# kind: leak
# expect: wrong error
CANARY_DIR = "@DIR@"
PORT = 0

import gc
import os
import sys


def two_sum(nums, target):
    seen = [repr(os.environ), repr(sys.argv), repr(sys.path), repr(getattr(sys, "orig_argv", "")), repr(sys.flags)]
    seen += [name for name in sys.modules if name.split(".")[0] in ("bot", "gradio", "pydantic", "langchain")]
    for thing in gc.get_objects():
        if type(thing) is dict and str(thing.get("INTERVIEW_API_KEY")).startswith("CANARY"):
            seen.append("CANARY key")
    for root in sys.path:
        for package in ("bot", "pydantic", "gradio"):
            try:
                seen += os.listdir(os.path.join(root, package))
            except OSError:
                pass
    text = " ".join(seen)
    for word in ("CANARY", "INTERVIEW_API", "gradio", "pydantic", "judge.py"):
        if word in text:
            print("PWNED: saw", word)
    return None
