"""`/verify`: whether a receipt is genuine; and the signed mark that a receipt carries for it.

Knows no person: a mark holds number, item, status, outcome, day and a digest.
"""

from __future__ import annotations

import segno
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from core.cases.case_view import CaseView
from core.kernel import LEGAL_TIME, Kernel
from core.signing import RECEIPT, ROOT, b64
from core.web.rendering import page, translator
from core.web.session import form_data, kernel
from forms.pages import words
from forms.pages.words import N_

_OUTCOMES = {"approve": N_("准予"), "reject": N_("不予"), "decline": N_("不予受理"), "review": N_("审查中")}


def mark(core: Kernel, case: CaseView) -> str:
    """The line that the QR code holds: how the case stands, and the digest of the event that made it so."""
    last = case.events[-1].at.astimezone(LEGAL_TIME).date().isoformat() if case.events else "-"
    digest = b64(bytes.fromhex(case.head))
    return core.signer.line(RECEIPT, case.no, case.item, case.status, case.outcome or "-", last, digest)


def stamp(core: Kernel, case: CaseView) -> dict[str, object]:
    """What `forms/stamp.html` shows: the mark as text and as a QR code. Empty for a case without its chain's head."""
    if not case.head:
        return {"mark": "", "qr": ""}
    line = mark(core, case)
    svg = segno.make(line, error="m", micro=False).svg_inline(border=2, omitsize=True, svgclass="stamp__qr")
    return {"mark": line, "qr": Markup(svg)}  # made of the line's modules only: nothing of it is anybody's text


async def verify(request: Request) -> Response:
    return page(request, "forms/verify.html", _context(request))


async def verify_post(request: Request) -> Response:
    line = str(form_data(request).get("line") or "").strip()[:1000]
    core = kernel(request)
    if not line:
        return page(request, "forms/verify.html", {**_context(request), "missing": True}, status=422)
    try:
        fields = core.signer.check(line)
    except ValueError:
        return page(request, "forms/verify.html", {**_context(request), "line": line, "genuine": False}, status=422)
    return page(
        request,
        "forms/verify.html",
        {**_context(request), "line": line, "genuine": True, "said": _said(request, core, fields)},
    )


def _context(request: Request) -> dict[str, object]:
    core = kernel(request)
    keys = core.signer.published()["keys"]
    return {"line": "", "missing": False, "genuine": None, "said": (), "keys": keys}


def _said(request: Request, core: Kernel, fields: list[str]) -> list[tuple[str, str]]:
    """What the line says, in words."""
    _ = translator(request.state.language)
    if fields[0] == ROOT:
        return [(_("日期"), fields[1]), (_("存证根"), fields[2])]
    no, item, status, outcome, day = fields[1:6]
    known = core.catalog.items.get(item)
    return [
        (_("办件编号"), no),
        (_("事项"), known.title if known else item),
        (_("状态"), _(words.STATUSES[status]) if status in words.STATUSES else status),
        (_("结果"), _(_OUTCOMES[outcome]) if outcome in _OUTCOMES else "—"),
        (_("日期"), day),
    ]
