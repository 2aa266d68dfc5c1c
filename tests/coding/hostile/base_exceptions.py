# KeyboardInterrupt / GeneratorExit / own BaseException subclasses are errors of that case.
# kind: forge
# expect: error exit crashed
CANARY_DIR = "@DIR@"
PORT = 0

n = 0
class Sneaky(BaseException):
    pass
def two_sum(nums, target):
    global n
    n += 1
    raise (KeyboardInterrupt, GeneratorExit, Sneaky, SystemExit, StopIteration)[n % 5]("stop")
