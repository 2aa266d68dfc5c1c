# Archives and compressed streams that grow a thousandfold stay under the memory limit.
# kind: resource
# expect: memory error wrong timeout crashed output
CANARY_DIR = "@DIR@"
PORT = 0

import bz2
import gzip
import io
import lzma
import zipfile
import zlib


def two_sum(nums, target):
    small = zlib.compress(b"\0" * (8 << 20), 9)
    many = zlib.decompress(zlib.compress(small * 400, 9))
    for _ in range(3):
        one = zlib.decompressobj()
        out = []
        while many:
            out.append(one.decompress(many))
            many = one.unused_data
            one = zlib.decompressobj()
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x", b"\0" * (64 << 20))
    return zipfile.ZipFile(box).read("x") + gzip.compress(b"") + bz2.compress(b"") + lzma.compress(b"")
