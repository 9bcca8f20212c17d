"""A drawn signature told by its bytes: a small PNG, whole and no larger than it says, as a data URL.

Pure; knows no form. What passes may be shown to staff without another look.
"""

from __future__ import annotations

import base64
import binascii
import struct
import zlib

PNG = "data:image/png;base64,"
MAX_DATA_URL = 300_000
"""Characters: a signature needs a tenth of it."""
MAX_SIDE = 2_000
_MAGIC = b"\x89PNG\r\n\x1a\n"
_BITS = {0: (1, (1, 2, 4, 8, 16)), 2: (3, (8, 16)), 3: (1, (1, 2, 4, 8)), 4: (2, (8, 16)), 6: (4, (8, 16))}
"""Colour type → samples a pixel, bit depths allowed (PNG 1.2, table 11.1)."""


def is_png(data: bytes) -> bool:
    """Every chunk with its check sum, one IHDR first, IEND last and nothing after it, exactly the pixels it says."""
    if not data.startswith(_MAGIC):
        return False
    at, size, packed, ended = len(_MAGIC), 0, [], False
    while at + 12 <= len(data) and not ended:
        length, kind = struct.unpack_from(">I4s", data, at)
        body = data[at + 8 : at + 8 + length]
        check = data[at + 8 + length : at + 12 + length]
        if len(check) != 4 or struct.unpack(">I", check)[0] != zlib.crc32(kind + body):
            return False
        if not size:
            size = _pixels(body) if kind == b"IHDR" and length == 13 else 0
            if not size:
                return False
        elif kind == b"IDAT":
            packed.append(body)
        ended = kind == b"IEND"
        at += 12 + length
    return ended and at == len(data) and _unpacks_to(b"".join(packed), size)


def _pixels(header: bytes) -> int:
    """The bytes that the picture unpacks to; 0 for one that is too large, or no picture."""
    width, height, depth, colour, packing, filters, laced = struct.unpack(">IIBBBBB", header)
    samples, depths = _BITS.get(colour, (0, ()))
    if (
        not 0 < width <= MAX_SIDE
        or not 0 < height <= MAX_SIDE
        or depth not in depths
        or (packing, filters, laced) != (0,) * 3
    ):
        return 0
    return int(height * (1 + (width * samples * depth + 7) // 8))


def _unpacks_to(packed: bytes, size: int) -> bool:
    unpacker = zlib.decompressobj()
    try:
        return len(unpacker.decompress(packed, size + 1)) == size and unpacker.eof
    except zlib.error:
        return False


def is_drawn_signature(text: str) -> bool:
    """`data:image/png;base64,…` of a PNG that `is_png` accepts."""
    if not text.startswith(PNG) or len(text) > MAX_DATA_URL:
        return False
    try:
        return is_png(base64.b64decode(text[len(PNG) :], validate=True))
    except (binascii.Error, ValueError):
        return False


def is_signature(text: str) -> bool:
    """A drawn signature, or a name typed instead of it."""
    if text.startswith("data:"):
        return is_drawn_signature(text)
    return bool(text.strip()) and len(text) <= 60 and "\n" not in text
