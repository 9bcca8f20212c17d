"""What the house is made of: plugins with their faults and shelves, sources with their state.

Knows no case.
"""

from __future__ import annotations

import re
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response

from admin.desk import framed, staff
from core.contract import Actor
from core.errors import NotAllowed, NotFound
from core.faults import CODES, TABLE
from core.faults.sentence import Code
from core.faults.table import SUBJECTS
from core.office.permissions import may
from core.web import rendering, session
from forms.pages.words import N_


def _allowed(request: Request, action: str) -> Actor:
    actor = staff(request)
    if not may(actor, action):
        raise NotAllowed(action)
    return actor


async def plugins(request: Request) -> Response:
    """Every folder, those with faults first, each fault as `lingban check` prints it, in the page's language."""
    actor = _allowed(request, "plugin.read")
    kernel = session.kernel(request)
    catalog, failures = kernel.catalog, kernel.hooks.failures
    found = sorted(catalog.plugins.values(), key=lambda one: (not one.faults, one.kind, one.id))
    context = {
        "broken": [one for one in found if one.faults],
        "failing": [replace(one, faults=failures[one.id]) for one in found if not one.faults and one.id in failures],
        "sound": [one for one in found if not one.faults],
        "faults": sum(len(one.faults) for one in found),
        "items": catalog.items,
        "codes": CODES,
    }
    return rendering.page(request, "admin/plugins.html", framed(request, actor, context), private=True)


async def plugin(request: Request) -> Response:
    actor = _allowed(request, "plugin.read")
    kernel = session.kernel(request)
    catalog, failures = kernel.catalog, kernel.hooks.failures
    found = catalog.plugins.get(request.path_params["id"])
    if found is None:
        raise NotFound(request.path_params["id"])
    context = {
        "plugin": found,
        "failing": replace(found, faults=() if found.faults else failures.get(found.id, ())),
        "item": catalog.items.get(found.id),
        "source": catalog.sources.get(found.id),
        "codes": CODES,
    }
    return rendering.page(request, "admin/plugin.html", framed(request, actor, context), private=True)


async def faults(request: Request) -> Response:
    """What every fault code means, with the sentences that it is told in; `code`: the one that was followed here."""
    actor = _allowed(request, "plugin.read")
    asked, zh = request.query_params.get("code", ""), request.state.language == "zh"
    subjects = [
        (subject, asked in codes, [(code, one.about, _told(one, zh=zh)) for code, one in codes.items()])
        for subject, codes in SUBJECTS.items()
    ]
    context = {"subjects": subjects, "count": len(TABLE)}
    return rendering.page(request, "admin/explained.html", framed(request, actor, context), private=True)


def _told(one: Code, *, zh: bool) -> list[str]:
    """Its sentences, an ellipsis where a name will stand."""
    said = (f"{text.zh}{text.hint_zh}" if zh else f"{text.en} {text.hint}" for text in one.sentences.values())
    return [re.sub(r"(?<!\{)\{\w+\}(?!\})", "…", text).replace("{{", "{").replace("}}", "}") for text in said]


_SUBJECTS = (
    N_("文件夹和文件"),
    N_("键和值的写法"),
    N_("指到了没有的东西"),
    N_("指针和条件"),
    N_("调取 lookups.json"),
    N_("指南 item.json、规则 routing.json 和情景 cases/"),
    N_("表单 form.json"),
    N_("数据源 source.json"),
    N_("译文 texts/ 和文书 templates/"),
    N_("代码 plugin.py"),
)
"""The keys of SUBJECTS, marked here for the English catalog."""
