"""Query items 查询: asked, shown, logged; no case comes of them.

Knows no page.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from core.cases.asking import access_rows, ask
from core.cases.draft_view import build_facts
from core.cases.logbook import note
from core.cases.nouns import QueryAnswer
from core.cases.standing import check_applicant, check_standing, site_for
from core.contract import Actor, Item, Problem, Site
from core.errors import NotFound, Unprocessable
from core.judge.verdict import answer_problems, prepared

if TYPE_CHECKING:
    from core.kernel import Kernel


async def answer_query(
    kernel: Kernel,
    item: Item,
    *,
    actor: Actor,
    applicant: Mapping[str, Any],
    answers: Mapping[str, Any] | None = None,
    agent: Mapping[str, Any] | None = None,
    site: Site | None = None,
    channel: str | None = None,
    consents: Collection[str] = (),
    mandate: str | None = None,
) -> QueryAnswer:
    """The lookup named in `"answer"`, with those it rests on. An access record stays, and no case.

    Raises NotAllowed (before any lookup) where the actor may not ask for the applicant, Unprocessable for answers.
    """
    if item.handling != "query":
        raise NotFound(f"“{item.title}”不是查询事项。")
    site = site_for(kernel, actor, site)
    through = channel or actor.channel
    if through not in item.channels:
        raise Unprocessable([Problem("/channel", "channels", "本事项不通过此渠道办理。")])
    if site is not None and item.routing.sites and site.level not in item.routing.sites:
        raise Unprocessable([Problem("/site", "sites", "本服务点不提供此查询。")])
    check_applicant(item, applicant)
    _, acting = await check_standing(kernel, item, actor=actor, applicant=applicant, agent=agent, mandate=mandate)
    facts = build_facts(
        applicant=applicant,
        agent=acting,
        answers=dict(answers or {}),
        evidence={},
        site=site,
        channel=through,
        today=kernel.today(),
    )
    judged, filling = prepared(item, facts)
    problems = answer_problems(item, judged, filling)
    if problems:
        raise Unprocessable(problems)
    evidence = await ask(kernel, item, judged, already={}, consents=consents)
    log = access_rows(
        kernel,
        evidence.values(),
        actor=actor.id,
        actor_role=actor.role,
        applicant=applicant,
        item=item,
        reference="",
        at=kernel.now(),
        kind="query",
    )
    await note(log)
    return QueryAnswer(item, evidence.get(item.answer or ""), evidence)
