"""What anybody may take away to check the town by himself: public keys, the checking script, the daily roots.

Knows nothing personal: a root is a digest of digests.
"""

from __future__ import annotations

from datetime import date

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from core.cases import proving
from core.errors import RequestError
from core.web.session import kernel

ROOTS = 400
"""A page: a year and a month."""


async def keys(request: Request) -> Response:
    """`GET /.well-known/lingban-keys.json`: a JSON Web Key Set, the key in use first."""
    return JSONResponse(kernel(request).signer.published(), headers={"Cache-Control": "public, max-age=3600"})


async def roots(request: Request) -> Response:
    """`GET /api/v1/roots?after=`: each legal day's Merkle root with its signed line, oldest first.

    Whoever keeps them can show that yesterday was not rewritten: `lingban audit verify --kept FILE`.
    """
    after = request.query_params.get("after", "")
    try:
        date.fromisoformat(after or "2000-01-01")
    except ValueError:
        raise RequestError("after must be a day such as 2026-11-26.") from None
    rows = await proving.roots_after(after, limit=ROOTS + 1)
    signer = kernel(request).signer
    found = [
        {"day": str(row.day)[:10], "root": row.root, "cases": row.cases, "line": proving.root_line(signer, row)}
        for row in rows[:ROOTS]
    ]
    return JSONResponse({"roots": found, "next": found[-1]["day"] if len(rows) > ROOTS else None})
