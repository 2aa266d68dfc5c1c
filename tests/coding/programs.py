"""Programs of known growth that are in no bank: what the measurement has never been tuned on.

`(name, truth, generator, source)`; the entry is always `solve`. A truth of None is a class that we do not name
(sqrt n, n log^2 n): there the measurement must not be certain.
"""

from __future__ import annotations

from bot.domain.problem import BIGS, Complexity, Problem

_LIST = "def generate(rng, n):\n    return ([rng.randrange(10 * n) for _ in range(n)],)\n"
_RISING = "def generate(rng, n):\n    return ([i * 3 + rng.randrange(9) for i in range(n)],)\n"
_SORTED = "def generate(rng, n):\n    return (sorted(rng.randrange(10 * n) for _ in range(n)), -1)\n"
_TEXT = "def generate(rng, n):\n    return (''.join(rng.choice('abcd') for _ in range(n)),)\n"
_TWO = (
    "def generate(rng, n):\n"
    "    return (''.join(rng.choice('ab') for _ in range(n)), ''.join(rng.choice('ab') for _ in range(n)))\n"
)
_WIDE = (
    "def generate(rng, n):\n"
    "    return (''.join(rng.choice('ab') for _ in range(n)), ''.join(rng.choice('ab') for _ in range(20)))\n"
)
_NUMBER = "def generate(rng, n):\n    return (n,)\n"
_FLOATS = "def generate(rng, n):\n    return ([rng.random() for _ in range(n)],)\n"
_GRID = "def generate(rng, n):\n    return ([[rng.randrange(10) for _ in range(n)] for _ in range(n)],)\n"
_GRAPH = (
    "def generate(rng, n):\n    return (n, [(rng.randrange(n), rng.randrange(n)) for _ in range(3 * n)])\n"
)
_POINTS = "def generate(rng, n):\n    return ([(rng.random(), rng.random()) for _ in range(n)],)\n"

PROGRAMS: tuple[tuple[str, str | None, str, str], ...] = (
    # -- constant and logarithmic
    ("gauss formula", "1", _NUMBER, "def solve(n):\n    return n * (n + 1) // 2\n"),
    ("middle of three", "1", _LIST, "def solve(xs):\n    return sorted([xs[0], xs[len(xs) // 2], xs[-1]])[1]\n"),
    (
        "binary search", "log n", _SORTED,
        "def solve(xs, target):\n"
        "    lo, hi = 0, len(xs)\n"
        "    while lo < hi:\n"
        "        mid = (lo + hi) // 2\n"
        "        if xs[mid] < target:\n            lo = mid + 1\n"
        "        else:\n            hi = mid\n"
        "    return lo\n",
    ),
    (
        "power by squaring", "log n", _NUMBER,
        "def solve(n):\n"
        "    base, out = 3, 1\n"
        "    while n:\n"
        "        if n & 1:\n            out = out * base % 1000003\n"
        "        base = base * base % 1000003\n"
        "        n >>= 1\n"
        "    return out\n",
    ),
    # -- linear
    (
        "largest run", "n", _LIST,
        "def solve(xs):\n"
        "    best = here = 0\n"
        "    for x in xs:\n        here = max(x - 50, here + x - 50)\n        best = max(best, here)\n"
        "    return best\n",
    ),
    (
        "next greater", "n", _LIST,
        "def solve(xs):\n"
        "    out, stack = [-1] * len(xs), []\n"
        "    for i, x in enumerate(xs):\n"
        "        while stack and xs[stack[-1]] < x:\n            out[stack.pop()] = x\n"
        "        stack.append(i)\n"
        "    return out\n",
    ),
    (
        "breadth first", "n", _GRAPH,
        "from collections import defaultdict, deque\n"
        "def solve(n, edges):\n"
        "    near = defaultdict(list)\n"
        "    for a, b in edges:\n        near[a].append(b)\n        near[b].append(a)\n"
        "    seen, queue = {0}, deque([0])\n"
        "    while queue:\n"
        "        for b in near[queue.popleft()]:\n"
        "            if b not in seen:\n                seen.add(b)\n                queue.append(b)\n"
        "    return len(seen)\n",
    ),
    (
        "union find by size", "n", _GRAPH,
        "def solve(n, edges):\n"
        "    parent, size = list(range(n)), [1] * n\n"
        "    def find(a):\n"
        "        while parent[a] != a:\n            parent[a] = parent[parent[a]]\n            a = parent[a]\n"
        "        return a\n"
        "    for a, b in edges:\n"
        "        a, b = find(a), find(b)\n"
        "        if a != b:\n"
        "            if size[a] < size[b]:\n                a, b = b, a\n"
        "            parent[b] = a\n            size[a] += size[b]\n"
        "    return sum(find(a) == a for a in range(n))\n",
    ),
    (
        "letters", "n", _TEXT,
        "from collections import Counter\n"
        "def solve(text):\n    return max(Counter(text).items(), key=lambda pair: (pair[1], pair[0]))[0]\n",
    ),
    (
        "window maximum", "n", _LIST,
        "from collections import deque\n"
        "def solve(xs):\n"
        "    window, out = deque(), []\n"
        "    for i, x in enumerate(xs):\n"
        "        while window and xs[window[-1]] <= x:\n            window.pop()\n"
        "        window.append(i)\n"
        "        if window[0] <= i - 8:\n            window.popleft()\n"
        "        out.append(xs[window[0]])\n"
        "    return out\n",
    ),
    (
        "narrow distance", "n", _WIDE,
        "def solve(a, b):\n"
        "    row = list(range(len(b) + 1))\n"
        "    for i, x in enumerate(a):\n"
        "        last, row[0] = row[0], i + 1\n"
        "        for j, y in enumerate(b):\n"
        "            last, row[j + 1] = row[j + 1], min(row[j] + 1, row[j + 1] + 1, last + (x != y))\n"
        "    return row[-1]\n",
    ),
    (
        "fibonacci by table", "n", _NUMBER,
        "def solve(n):\n    a, b = 0, 1\n    for _ in range(n):\n        a, b = b, (a + b) % 1000003\n    return a\n",
    ),
    (
        "tree by recursion", "n", _LIST,
        "def solve(xs):\n"
        "    def total(lo, hi):\n"
        "        if hi - lo <= 1:\n            return xs[lo] if hi > lo else 0\n"
        "        mid = (lo + hi) // 2\n"
        "        return total(lo, mid) + total(mid, hi)\n"
        "    return total(0, len(xs))\n",
    ),
    # -- linearithmic
    (
        "merge sort", "n log n", _LIST,
        "def solve(xs):\n"
        "    if len(xs) < 2:\n        return xs\n"
        "    mid = len(xs) // 2\n"
        "    left, right, out = solve(xs[:mid]), solve(xs[mid:]), []\n"
        "    i = j = 0\n"
        "    while i < len(left) and j < len(right):\n"
        "        if left[i] <= right[j]:\n            out.append(left[i])\n            i += 1\n"
        "        else:\n            out.append(right[j])\n            j += 1\n"
        "    return out + left[i:] + right[j:]\n",
    ),
    (
        "heap sort", "n log n", _LIST,
        "import heapq\n"
        "def solve(xs):\n"
        "    heap = []\n"
        "    for x in xs:\n        heapq.heappush(heap, x)\n"
        "    return [heapq.heappop(heap) for _ in range(len(heap))]\n",
    ),
    (
        "longest rise by bisect", "n log n", _RISING,
        "from bisect import bisect_left\n"
        "def solve(xs):\n"
        "    tails = []\n"
        "    for x in xs:\n"
        "        at = bisect_left(tails, x)\n"
        "        tails[at:at + 1] = [x]\n"
        "    return len(tails)\n",
    ),
    (
        "inversions by tree", "n log n", _LIST,
        "def solve(xs):\n"
        "    rank = {x: i + 1 for i, x in enumerate(sorted(set(xs)))}\n"
        "    tree, out = [0] * (len(rank) + 1), 0\n"
        "    for seen, x in enumerate(xs):\n"
        "        i, smaller = rank[x], 0\n"
        "        while i:\n            smaller += tree[i]\n            i &= i - 1\n"
        "        out += seen - smaller\n"
        "        i = rank[x]\n"
        "        while i < len(tree):\n            tree[i] += 1\n            i += i & -i\n"
        "    return out\n",
    ),
    (
        "closest pair of numbers", "n log n", _FLOATS,
        "def solve(xs):\n    ys = sorted(xs)\n    return min((b - a for a, b in zip(ys, ys[1:])), default=0)\n",
    ),
    # -- quadratic and worse
    (
        "bubble sort", "n^2", _LIST,
        "def solve(xs):\n"
        "    xs = list(xs)\n"
        "    for i in range(len(xs)):\n"
        "        for j in range(len(xs) - 1 - i):\n"
        "            if xs[j] > xs[j + 1]:\n                xs[j], xs[j + 1] = xs[j + 1], xs[j]\n"
        "    return xs\n",
    ),
    (
        "insertion sort", "n^2", _LIST,
        "def solve(xs):\n"
        "    out = []\n"
        "    for x in xs:\n"
        "        i = len(out)\n"
        "        out.append(x)\n"
        "        while i and out[i - 1] > x:\n            out[i] = out[i - 1]\n            i -= 1\n"
        "        out[i] = x\n"
        "    return out\n",
    ),
    (
        "distinct by list", "n^2", _LIST,
        "def solve(xs):\n"
        "    out = []\n"
        "    for x in xs:\n        if x not in out:\n            out.append(x)\n"
        "    return len(out)\n",
    ),
    (
        "edit distance", "n^2", _TWO,
        "def solve(a, b):\n"
        "    row = list(range(len(b) + 1))\n"
        "    for i, x in enumerate(a):\n"
        "        new = [i + 1]\n"
        "        for j, y in enumerate(b):\n"
        "            new.append(min(new[-1] + 1, row[j + 1] + 1, row[j] + (x != y)))\n"
        "        row = new\n"
        "    return row[-1]\n",
    ),
    (
        "grid paths", "n^2", _GRID,
        "def solve(grid):\n"
        "    best = [0] + [10 ** 9] * (len(grid[0]) - 1)\n"
        "    for row in grid:\n"
        "        for j, cost in enumerate(row):\n"
        "            best[j] = cost + min(best[j], best[j - 1] if j else 10 ** 9)\n"
        "    return best[-1]\n",
    ),
    (
        "sum of every prefix", "n^2", _LIST,
        "def solve(xs):\n    return [sum(xs[:i + 1]) for i in range(len(xs))]\n",
    ),
    (
        "nearest neighbours", "n^2", _POINTS,
        "def solve(points):\n"
        "    out = []\n"
        "    for i, (a, b) in enumerate(points):\n"
        "        out.append(min(((a - c) ** 2 + (b - d) ** 2, j) for j, (c, d) in enumerate(points) if j != i)[1]\n"
        "                   if len(points) > 1 else 0)\n"
        "    return out\n",
    ),
    (
        "matrix product", "n^3", _GRID,
        "def solve(a):\n"
        "    n = len(a)\n"
        "    return [[sum(a[i][k] * a[k][j] for k in range(n)) for j in range(n)] for i in range(n)]\n",
    ),
    (
        "three sum by hand", "n^3", _LIST,
        "def solve(xs):\n"
        "    found = 0\n"
        "    for i in range(len(xs)):\n"
        "        for j in range(i):\n"
        "            for k in range(j):\n                found += xs[i] + xs[j] == xs[k]\n"
        "    return found\n",
    ),
    (
        "subsets", "2^n", _LIST,
        "def solve(xs):\n"
        "    if not xs:\n        return [[]]\n"
        "    rest = solve(xs[1:])\n"
        "    return rest + [[xs[0], *one] for one in rest]\n",
    ),
    (
        "towers", "2^n", _NUMBER,
        "def solve(n):\n    return 0 if n == 0 else solve(n - 1) + 1 + solve(n - 1)\n",
    ),
    (
        "fibonacci by recursion", "2^n", _NUMBER,
        "def solve(n):\n    return n if n < 2 else solve(n - 1) + solve(n - 2)\n",
    ),
    (
        "knapsack by trying", "2^n", _LIST,
        "def solve(xs):\n"
        "    def best(i, room):\n"
        "        if i == len(xs):\n            return 0\n"
        "        return max(best(i + 1, room), xs[i] + best(i + 1, room - xs[i]))\n"
        "    return best(0, 10 ** 9)\n",
    ),
    # -- numpy
    (
        "numpy standard scores", "n", _FLOATS,
        "import numpy as np\n"
        "def solve(xs):\n    x = np.asarray(xs)\n    return (x - x.mean()) / (x.std() + 1e-9)\n",
    ),
    (
        "numpy running sums", "n", "def generate(rng, n):\n    return ([rng.random() for _ in range(20 * n)],)\n",
        "import numpy as np\n"
        "def solve(xs):\n    c = np.cumsum(np.array(xs))\n    return c[10:] - c[:-10]\n",
    ),
    (
        "numpy sort", "n log n", _FLOATS,
        "import numpy as np\n"
        "def solve(xs):\n    x = np.array(xs)\n    return x[np.argsort(x, kind='stable')]\n",
    ),
    (
        "numpy all distances", "n^2", _POINTS,
        "import numpy as np\n"
        "def solve(points):\n"
        "    p = np.array(points)\n"
        "    return ((p[:, None, :] - p[None, :, :]) ** 2).sum(-1)\n",
    ),
    (
        "numpy outer mask", "n^2", _FLOATS,
        "import numpy as np\n"
        "def solve(xs):\n    x = np.array(xs)\n    return int((x[:, None] < x[None, :]).sum())\n",
    ),
    (
        "numpy rows in a loop", "n^2", _GRID,
        "import numpy as np\n"
        "def solve(grid):\n    return [float(np.asarray(row).sum()) for row in grid]\n",
    ),
    # -- classes without a name
    (
        "trial division", None, "def generate(rng, n):\n    return (n * n * 64 + 1,)\n",
        "def solve(n):\n"
        "    k, out = 2, 0\n"
        "    while k * k <= n ** 0.5 * 8:\n        out += n % k == 0\n        k += 1\n"
        "    return out\n",
    ),
    (
        "square root blocks", None, _LIST,
        "def solve(xs):\n"
        "    size = max(1, int(len(xs) ** 0.5))\n"
        "    sums = [sum(xs[i:i + size]) for i in range(0, len(xs), size)]\n"
        "    return [sum(sums[:q // size]) for q in range(len(xs))]\n",
    ),
    (
        "a sort for every level", None, _LIST,
        "def solve(xs):\n"
        "    out = 0\n"
        "    for level in range(len(xs).bit_length()):\n        out += sorted(xs)[level]\n"
        "    return out\n",
    ),
    (
        "four sum by hand", None, _LIST,
        "def solve(xs):\n"
        "    found, n = 0, len(xs)\n"
        "    for i in range(n):\n"
        "        for j in range(n):\n"
        "            for k in range(n):\n"
        "                for m in range(n):\n                    found += xs[i] + xs[j] == xs[k] + xs[m]\n"
        "    return found\n",
    ),
)  # fmt: skip


def problem(name: str, truth: str | None, generate: str, source: str) -> Problem:
    """A problem around one program: just enough to measure it."""
    wrong = [{"name": str(i), "why": "-", "code": "def solve(*args): return None"} for i in range(3)]
    return Problem.model_validate(
        {
            "id": "p-" + "".join(c if c.isalnum() else "-" for c in name),
            "entry": "solve",
            "contract": "-",
            "needs": ["numpy"] if "numpy" in source else [],
            "visible": [{"name": "any", "args": [[]]}],
            "hidden": [{"name": "any too", "args": [[]]}],
            "reference": source,
            "wrong": wrong,
            "complexity": Complexity(
                time=truth if truth in BIGS else "n^3",  # type: ignore[arg-type]
                size="n",
                generate=generate,
            ),
        }
    )
