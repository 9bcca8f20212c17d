"""A page of a draft that is shown again after a post: by its own address, so that 后退 and reload find it.

What was wrong stands in the draft, sealed as the answers are; the address only says that it is to be told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from core.cases import actions
from core.cases.draft_view import DraftView
from core.contract import Problem
from core.kernel import Kernel
from core.web.session import safe_next
from forms.pages.posting import Written, told
from forms.pages.uploading import uploads

WRONG, MORE, PAPERS, READY, ASIDE = "wrong", "more", "papers", "ready", "aside"
SHOWN_MOST = 8192
"""Characters of `DraftView.shown`: an area picker needs a hundred, a forged post may bring megabytes."""


def flags(request: Request) -> frozenset[str]:
    """The words after the `?`; of a post none."""
    if request.method != "GET":
        return frozenset()
    return frozenset(request.scope["query_string"].decode("ascii", "ignore").split("&"))


async def again(
    kept: DraftView, href: str, *said: str, problems: Sequence[Problem] = (), raw: Mapping[str, str] | None = None
) -> Response:
    """Lead to the page at `href`, which tells `problems` where WRONG is `said`. Raises Conflict (moved on)."""
    shown = small(raw or kept.shown)
    if tuple(problems) != kept.told or shown != kept.shown:
        await actions.keep_draft(replace(kept, told=tuple(problems), shown=shown))
    query = "&".join(one for one in said if one)
    return RedirectResponse(f"{href}?{query}" if query else href, status_code=303)


async def leave(kept: DraftView, posted: FormData, *, raw: Mapping[str, str]) -> Response | None:
    """Lead to where a link went that was followed from the page while something was written in it; None where none was.
    Raises Conflict (moved on)."""
    to = safe_next(str(posted.get("_go") or ""), "")
    return await again(kept, to, raw=raw) if to else None


def small(raw: Mapping[str, str]) -> dict[str, str]:
    """The controls as they are kept; none where there are more than any form of ours has."""
    return dict(raw) if sum(len(name) + len(said) for name, said in raw.items()) <= SHOWN_MOST else {}


def left(request: Request, core: Kernel, found: DraftView) -> list[Problem]:
    """What this address is to tell; nothing once the draft has been written to since."""
    return told(core, found, found.told, request.state.language) if WRONG in flags(request) else []


async def aside(found: DraftView, got: Written, href: str, posted: FormData, *said: str) -> Response:
    """Lead to the page at `href`, which tells what was written here beside what somebody else saved. A picture drawn by
    hand travels in the answers, so they have no limit here but the post's."""
    kept = {
        "answers": got.draft.answers,
        "promises": list(got.draft.promises),
        "disputed": list(got.draft.disputed),
        "claims": dict(got.draft.claims),
        "shown": small(got.reading.raw),
        "told": [asdict(one) for one in got.reading.problems],
        "files": [one.filename for _, one in uploads(posted)],
    }
    await actions.put_aside(found, kept)
    query = "&".join(one for one in (ASIDE, *said) if one)
    return RedirectResponse(f"{href}?{query}", status_code=303)


@dataclass(frozen=True, slots=True)
class Beside:
    """What a page that came second wrote, as a draft of its own."""

    draft: DraftView
    problems: tuple[Problem, ...]
    raw: Mapping[str, str]
    files: tuple[str, ...]


def beside(request: Request, found: DraftView, names: Sequence[str] | None = None) -> Beside | None:
    """What this address is to tell beside what is saved; None for any other. `names`: the questions of its page."""
    kept = found.aside
    if not kept or ASIDE not in flags(request):
        return None
    answers = dict(kept["answers"])
    if names is not None:
        answers = {
            **{name: value for name, value in found.answers.items() if name not in names},
            **{name: value for name, value in answers.items() if name in names},
        }
    draft = replace(
        found,
        answers=answers,
        promises=tuple(kept["promises"]),
        disputed=tuple(kept["disputed"]),
        claims=kept["claims"],
    )
    return Beside(draft, tuple(Problem(**one) for one in kept["told"]), kept["shown"], tuple(kept["files"]))
