"""核对零办回执上的二维码：不联网、不登录，只用 Python 3.8 以上自带的库。

Checks the QR code of a receipt, offline and alone; nothing is sent anywhere.

    python3 verify_receipt.py lingban-keys.json "LB1 20261127-… …"

第一个参数是公布的公钥文件（网站 /.well-known/lingban-keys.json，提前存下，最好从别的渠道也核对一次）；
第二个参数是二维码读出的文字，不写则从标准输入读。核对通过退出码 0，不通过 1，用法不对 2。
"""

from __future__ import annotations

import base64
import hashlib
import json
import sys
from typing import Any

Point = tuple[int, int, int, int]

# Ed25519 as RFC 8032 section 5.1 defines it; checking only, so nothing here has to be kept secret.
P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


def point(raw: bytes) -> Point:
    """32 bytes → a point of the curve in extended coordinates. Raises ValueError."""
    y = int.from_bytes(raw, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if len(raw) != 32 or y >= P:
        raise ValueError("not a point")
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P or (x == 0 and sign):
        raise ValueError("not a point")
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


def add(one: Point, two: Point) -> Point:
    a = (one[1] - one[0]) * (two[1] - two[0]) % P
    b = (one[1] + one[0]) * (two[1] + two[0]) % P
    c, d = 2 * one[3] * two[3] * D % P, 2 * one[2] * two[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(number: int, base: Point) -> Point:
    result: Point = (0, 1, 1, 0)
    while number:
        if number & 1:
            result = add(result, base)
        base = add(base, base)
        number >>= 1
    return result


BASE = point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def signed_by(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the signature over `message` was made with the key whose public half is given."""
    if len(signature) != 64:
        return False
    try:
        key, commitment = point(public), point(signature[:32])
    except ValueError:
        return False
    scalar = int.from_bytes(signature[32:], "little")
    if scalar >= ORDER:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ORDER
    left, right = times(scalar, BASE), add(commitment, times(challenge, key))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0


def unpacked(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def check(keys: dict[str, Any], line: str) -> list[str]:
    """The fields of a genuine line. Raises ValueError with the reason in Chinese."""
    said, _, signature = line.strip().rpartition(" ")
    fields = said.split(" ")
    if fields[0] not in ("LB1", "LBR1") or len(fields) < 4:
        raise ValueError("这不是零办回执二维码的内容，请核对是否读全。")
    public = next((unpacked(one["x"]) for one in keys["keys"] if one.get("kid") == fields[-1]), None)
    if public is None:
        raise ValueError(f"公钥文件里没有编号为 {fields[-1]} 的密钥。请取最新的公钥文件；仍没有，就不是本网站签发的。")
    if hashlib.sha256(public).hexdigest()[:8] != fields[-1]:
        raise ValueError("公钥文件被改过：密钥与编号不符。")
    try:
        genuine = signed_by(public, said.encode(), unpacked(signature))
    except ValueError:
        genuine = False
    if not genuine:
        raise ValueError("签名不符：内容被改过，或不是本网站签发的。")
    return fields


OUTCOMES = {"approve": "准予", "reject": "不予", "decline": "不予受理", "review": "审查中", "-": "—"}
STATUSES = {
    "filed": "已提交", "correction": "待补正", "accepted": "已受理", "not_accepted": "不予受理", "in_step": "办理中",
    "paused": "暂停计时", "decided": "已决定", "delivered": "已送达", "withdrawn": "已撤回", "closed": "已办结",
}  # fmt: skip


def words(fields: list[str]) -> str:
    if fields[0] == "LBR1":
        return "真实。{} 的存证根：{}（当天有变化的办件 {} 件）".format(*fields[1:4])
    no, item, status, outcome, day = fields[1:6]
    said = "真实。办件 {}，事项 {}，状态 {}，结果 {}，日期 {}。"
    return said.format(no, item, STATUSES.get(status, status), OUTCOMES.get(outcome, outcome), day)


def main(arguments: list[str]) -> int:
    if len(arguments) not in (1, 2):
        print(__doc__, file=sys.stderr)
        return 2
    try:
        with open(arguments[0], encoding="utf-8") as file:
            keys = json.load(file)
    except (OSError, ValueError) as error:
        print(f"公钥文件读不了：{error}", file=sys.stderr)
        return 2
    line = arguments[1] if len(arguments) == 2 else sys.stdin.read()
    try:
        print(words(check(keys, line)))
    except ValueError as error:
        print(f"不能确认。{error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
