"""A case as its receipt shows it: one sentence, reasons, next step, materials, route, time line, in words.

Knows no request; who may see the case was settled before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from core.cases.case_view import CaseView, EventView, MaterialView
from core.cases.handover import Thing
from core.cases.lifecycle import PARTY, UNDER_WAY
from core.cases.outcomes import words_of
from core.cases.paying import Payment
from core.cases.results import Document
from core.cases.sending import KIND
from core.contract import Item, Office
from core.judge.retelling import own_words, retold
from core.judge.rules import rules_of
from core.judge.sentences import say
from core.kernel import LEGAL_TIME, Kernel
from core.web.rendering import translator
from forms.pages import words
from forms.pages.acted import by_whom
from forms.pages.applicant import named
from forms.pages.duties import ReceiptDuty, duty_of
from forms.pages.in_time import CLOSES, InTime, closes, lapsed, waited_for
from forms.pages.road import Stop, offices_of, quoting, stops_of
from forms.pages.said import said
from forms.pages.sheet import Say, aged, clock, day, doubted, in_doubt, name_of

MOVES = ("withdraw", "correct", "deliver")
"""Of the lifecycle's moves, those that a citizen makes on this page."""


@dataclass(frozen=True, slots=True)
class ReceiptMaterial:
    id: str
    title: str
    look: str
    mark: str
    how: str
    at: str
    asked: str = ""
    """What the office wants mended."""
    wanted: bool = False
    """Whether a file can be handed in now."""
    files: tuple[str, ...] = ()
    may_withdraw: bool = False
    """A promise that may still be taken back."""
    waits: bool = False
    """It is for a register or for staff to bring; a file may be handed in, and need not."""


@dataclass(frozen=True, slots=True)
class Happening:
    iso: str
    at: str
    words: str
    who: str = ""
    """Who acted for the applicant, by what right; empty where nobody did."""


@dataclass(frozen=True, slots=True)
class ReceiptView:
    no: str
    title: str
    sentence: str
    look: str
    applicant: str
    final: bool
    next: str
    in_time: tuple[InTime, ...]
    """What it is the applicant's turn to do, and by when."""
    deadline: str
    provisional: bool
    deadline_because: tuple[str, ...]
    reasons: tuple[str, ...]
    basis: str
    conditions: tuple[str, ...]
    """What an approval is granted under."""
    part: str
    """What of it is granted and what is not; "" where all is."""
    granted: str
    """How much, in its unit, where what is asked for is no money."""
    remedy: str
    fee: str
    amount: str
    payment: Payment | None
    """What was asked for, while it waits or once it is paid; None where nothing was, or where the case has ended."""
    pay_by: str
    """The last day to pay, in words."""
    held: str
    """What waits for it, in words."""
    corrections: tuple[tuple[str, str, str], ...]
    """(what the applicant called wrong, how that stands, the unit's reason)."""
    materials: tuple[ReceiptMaterial, ...]
    route: tuple[tuple[str, str], ...]
    stops: tuple[Stop, ...]
    """The way as a picture; empty where the case was decided at once."""
    handover: tuple[tuple[str, str, str], ...]
    """(thing, where it is to be taken, how that stands)."""
    duties: tuple[ReceiptDuty, ...]
    results: tuple[tuple[str, str, str], ...]
    """(what was given besides the first result, its number, until when it is valid)."""
    timeline: tuple[Happening, ...]
    letters: int
    """Of those that tell a decision, or follow from the law."""
    further: tuple[tuple[str, str, str, str], ...]
    """(key, title, number, day) of the letters that the item declares besides."""
    revision: int
    moves: tuple[str, ...]
    """Of those that a citizen makes: withdraw, correct."""
    joint: str
    """Who applies jointly with the applicant."""
    corrects: bool  # the reader may open the form again
    hands_in: bool
    lacking: tuple[ReceiptMaterial, ...]
    """What only the applicant can bring, and without which nothing is approved."""
    silent: str
    """The registers that gave no answer and are asked again by themselves, in a sentence; "" where all answered."""
    asked: tuple[str, ...]
    """What is to be mended that belongs to no material."""
    known: bool
    """False for whoever only holds the tracking code."""


def receipt_of(core: Kernel, case: CaseView, language: str, *, known: bool = True) -> ReceiptView:
    _ = translator(language)
    decision = case.decision
    outcome, because = case.outcome, str(decision.get("because") or "")
    over = case.status not in UNDER_WAY
    refused = over and outcome in ("reject", "decline")
    granted = over and known and outcome == "approve"
    asked = asked_for(case) if known else {}
    item = core.catalog.items.get(case.item)
    own = {**(own_words(item, language) if item else {}), **offices_of(core.office, case, language)}

    def tell(text: object) -> str:
        return retold(str(text or ""), language, own)

    because = tell(because)
    materials = tuple(
        replace(material_of(core, case, one, asked.get(one.id, ""), language), title=tell(one.title))
        for one in case.materials
    )
    # Why an approval waits for a person is told line by line; `because` is the same lines joined.
    # What the rules propose to that person is not the applicant's to read before it is decided.
    proposed = not over and outcome == "review" and decision.get("outcome") != "review"
    reasons = ([*map(tell, decision.get("held_back") or ())] or [because]) if known and not proposed else []
    waits = silent(core, case) if known else {}
    if reasons and item is not None and item.routing.decide:
        # Before the rule that found nothing to stand on comes why it found nothing.
        # That a paper is not there yet, and has to be handed in, is not said of one that the register may still prove.
        moot = {tell(_not_there(one)) for one in case.materials if asked_again(core, case, one)}
        silence = [_no_answer(item, name, language) for name in waits if name in item.lookups]
        reasons = [*silence, *(one for one in reasons if one not in moot)]
    return ReceiptView(
        no=case.no,
        title=tell(case.title),
        sentence=sentence(case, because if known else "", _, item),
        look="verdict--done" if over and outcome == "approve" else "verdict--must" if refused else "",
        applicant=named(case.applicant, case.evidence, called=case.called) if case.applicant else "",
        joint=_("、").join(case.joint),
        final=over,
        next=_(words.NEXT["lapsed" if lapsed(case) else "unpaid" if over and unpaid(case) else case.status]),
        in_time=waited_for(case, language, tell) if known else (),
        deadline=day(case.deadline, language) if case.deadline and not over else "",
        provisional=case.provisional,
        deadline_because=quoting(case.dates.deadline.lines(language), tell)
        if case.dates and case.dates.deadline
        else (),
        reasons=tuple(dict.fromkeys(reason for reason in reasons if reason)) if case.status != "withdrawn" else (),
        basis=tell(decision.get("basis")) if known and not proposed and case.status != "withdrawn" else "",
        conditions=tuple(map(tell, decision.get("conditions") or ())) if granted else (),
        part=tell(decision.get("part")) if granted else "",
        granted=" ".join((decision.get("granted") or {}).values()) if granted else "",
        remedy=_(words.REMEDY) if refused or (granted and decision.get("part")) else "",
        fee=case.fee if case.fee and case.fee != "0.00" and case.status not in ("withdrawn", "not_accepted") else "",
        amount=case.amount if case.amount and case.amount != "0.00" and outcome == "approve" else "",
        payment=case.payment if case.status not in ("withdrawn", "closed") else None,
        pay_by=day(case.payment.until, language) if case.payment else "",
        held=_(words.UNPAID[case.payment.before]) if case.payment else "",
        corrections=tuple(
            (
                f"{one.title}{_(words.N_('：'))}{one.held}"
                + (_(words.N_("（您申报为：%(declared)s）")) % {"declared": one.declared} if one.declared else ""),
                _(words.CORRECTIONS[one.answer]) % {"day": day(one.due, language)},
                one.reason,
            )
            for one in case.corrections
        ),
        materials=materials,
        route=tuple((label, tell(words_)) for label, words_ in route_of(core.office, case, _)),
        handover=tuple((tell(one.title), tell(one.place), taking(one, language)) for one in case.handover),
        duties=tuple(duty_of(core, one, tell, language) for one in case.duties),
        results=tuple((tell(one.title), one.no, lasting(one, language)) for one in case.results),
        stops=stops_of(core.office, case, core.today(), language, tell) if _has_way(case) else (),
        timeline=tuple(
            Happening(
                one.at.isoformat(),
                on_the_wall(one.at),
                _(words.AGAIN if one.data.get("again") else happened(one.type, one.to_status)),
                by_whom(one, core.office, language)
                or tell(one.data.get("mend") or "")
                or _("、").join(tell(letter["title"]) for letter in one.data.get("letters", ()))
                or (_ground(one, tell, _) if one.type == "paused" else ""),
            )
            for one in reversed(case.events)
        ),
        letters=sum(one.kind != KIND for one in case.letters),
        further=tuple(
            (one.id, tell(one.title), one.number, day(one.at.astimezone(LEGAL_TIME).date(), language))
            for one in case.letters
            if one.kind == KIND and one.reader == "applicant"
        ),
        revision=case.revision,
        moves=tuple(one for one in MOVES if known and one in case.moves and (one != "deliver" or _to_deliver(case))),
        corrects=known and "correct" in case.moves and not case.as_joint and bool(case.answers),
        hands_in=known and any(one.wanted for one in materials),
        lacking=tuple(one for one in materials if known and one.wanted and not one.waits),
        silent=_("%(sources)s暂时没有回应，恢复后会自动再查，您不用再来。")
        % {"sources": _names(core, waits.values(), _)}
        if waits
        else "",
        asked=tuple(text for id, text in asked.items() if id not in {one.id for one in case.materials}),
        known=known,
    )


def _ground(event: EventView, tell: Callable[[object], str], _: Say) -> str:
    """On what ground of which law the clock was stopped."""
    title, law = (str(event.data.get(name) or "") for name in ("title", "basis"))
    return str(tell(_(title))) + (str(_("（%(n)s）")) % {"n": tell(law)} if title and law else "")


def taking(one: Thing, language: str) -> str:
    """How it stands with a thing that is handed over at a place."""
    _ = translator(language)
    if one.taken_on is not None:
        return _("%(day)s 已领走，领取人：%(who)s") % {"day": one.taken_on, "who": one.taken_by}
    return _("请带身份证领取，由别人代领的带委托书")


def lasting(one: Document, language: str) -> str:
    """Until when a further result is valid, in words; "" where it has no end."""
    if one.valid_until is None:
        return ""
    return translator(language)("有效至 %(day)s") % {"day": day(date.fromisoformat(one.valid_until), language)}


def unpaid(case: CaseView) -> bool:
    return case.payment is not None and case.payment.waits


def _to_deliver(case: CaseView) -> bool:
    """A decision that nobody has handed over yet: the applicant may say that he has it."""
    return case.dates is not None and case.dates.deliver_by is not None


def _has_way(case: CaseView) -> bool:
    """A case that a rule decided at once went nowhere: a picture of its way would only be in the way."""
    return any(one.type == "begun" for one in case.events)


def sentence(case: CaseView, because: str, _: Say, item: Item | None = None) -> str:
    """What a person came to read, in one line; a refusal in the words of the kind of item."""
    if case.status in ("decided", "delivered", "not_accepted", "closed") and case.outcome in words.OUTCOMES:
        granted = words.GRANTED if case.outcome == "approve" and because else {}
        kind = next((words_ for name, words_ in granted.items() if case.decision.get(name)), None)
        refused = words_of(item).get(case.outcome) if item is not None and case.outcome != "approve" else None
        shown = _(kind or refused or words.OUTCOMES[case.outcome])
        return _("%(result)s：%(because)s") % {"result": shown, "because": because} if because else shown
    if lapsed(case):
        return _("逾期，已按撤回申请处理")
    if case.status in ("filed", "accepted", "in_step") and case.outcome == "review":
        return _("已提交，等工作人员审核")
    return _(words.STATUSES[case.status])


def happened(type: str, status: str) -> str:
    return words.EVENTS.get(type) or words.EVENTS.get(status) or words.STATUSES[status]


def asked_for(case: CaseView) -> Mapping[str, str]:
    """What the one correction notice wants mended, while it is the applicant's turn: material → words."""
    if case.status != "correction":
        return {}
    last = next((one.data for one in reversed(case.events) if one.type == "correction_asked"), {})
    return {str(id): str(text) for id, text in (last.get("wanted") or {}).items()}


def why_not(case: CaseView, material: str) -> str:
    """What staff last said of a paper that they found wanting."""
    papers = (one.data for one in reversed(case.events) if one.type == "material_rejected")
    return next((str(one.get("because", "")) for one in papers if one.get("material") == material), "")


def silent(core: Kernel, case: CaseView) -> dict[str, str]:
    """Lookup → source of those that gave no answer, and of those that were not asked because of one, while they are
    still asked again by themselves."""
    if case.status not in UNDER_WAY:
        return {}
    last = {one.lookup: one for one in case.evidence}
    down = {name: one.source for name, one in last.items() if one.outcome == "down"}
    item = core.catalog.items.get(case.item)
    needs = rules_of(item).needs if item is not None and down else {}
    behind = {name: down[other] for name, on in needs.items() if name not in last for other in on if other in down}
    return {**behind, **down}


def _not_there(one: MaterialView) -> str:
    return say("zh", "open_material", title=one.title, because=one.because)


def _no_answer(item: Item, name: str, language: str) -> str:
    purpose = said(item, language, f"lookups.json#/lookups/{name}/purpose", item.lookups[name].purpose or name)
    return say(language, "lookup_out", purpose=purpose)


def asked_again(core: Kernel, case: CaseView, one: MaterialView) -> list[str]:
    """The sources whose answer may yet prove this material. A case keeps no lookup with what is not proved: the item
    says which it may be."""
    item = core.catalog.items.get(case.item)
    if item is None or not one.open or one.status == "given" or one.due or one.told:
        return []
    waits = silent(core, case)
    proofs = [
        name for declared in item.materials if declared.id == one.id for group in declared.proved_by for name in group
    ]
    return list(dict.fromkeys(waits[name] for name in proofs if name in waits))


def _names(core: Kernel, sources: Iterable[str], _: Say) -> str:
    return _("、").join(dict.fromkeys(name_of(one, core.catalog.sources, _) for one in sources))


def material_of(core: Kernel, case: CaseView, one: MaterialView, asked: str, language: str) -> ReceiptMaterial:
    _ = translator(language)
    if one.status == "proved":
        found = [e for e in case.evidence if e.lookup in one.by]
        titles = dict.fromkeys(aged(name_of(e.source, core.catalog.sources, _), e.age_s, _) for e in found)
        how = _("已由%(sources)s核验") % {"sources": _("、").join(titles)} if titles else _("已核验")
        at = clock(max((e.asked_at for e in found), default=""))
        open_ = [(c.lookup, bool(c.declared)) for c in case.corrections if c.answer != "corrected"]
        doubts = doubted(open_ if case.status in UNDER_WAY else ())
        wrong = in_doubt(one.by, doubts, {e.lookup: e for e in found}, core.catalog.sources, _)
        if wrong:
            return ReceiptMaterial(one.id, one.title, "is-wait", "…", wrong, at)
        return ReceiptMaterial(one.id, one.title, "is-done", "✓", how, at)
    days = day(one.due, language) if one.due else ""
    how = _("请在 %(day)s 前补交") % {"day": days} if days else _(words.OPEN.get(one.status, "")) % {"days": ""}
    if days and one.status == "later" and closes(one.because):
        how += f" {_(CLOSES)}"
    if days and one.status == "confirm":
        how = _("等另一方确认，最晚 %(day)s；到时没有确认的，这里会告诉您怎么办") % {"day": days}
    if one.status == "upload" and one.because not in ("", say("zh", "upload")):
        how = retold(one.because, language, {})  # why it is asked for: nothing held, not permitted, not asked
    if one.told in words.TOLD and (one.status != "given" or one.told == "accepted"):
        how = _(words.TOLD[one.told])
        if one.told == "rejected":
            how += _(words.N_("：")) + why_not(case, one.id)
    again = [] if asked else asked_again(core, case, one)
    if again:
        how = _("%(sources)s暂时没有回应，恢复后会自动再查，您不用再来。") % {"sources": _names(core, again, _)}
    done = not one.open and (one.status in ("promise", "confirm") or one.told == "accepted") and one.told != "false"
    look = "is-done" if done else "is-open" if one.status == "upload" and not again else "is-wait"
    return ReceiptMaterial(
        one.id,
        one.title,
        look,
        "✓" if done else "" if look == "is-open" else "…",
        how,
        "",
        asked,
        case.status in UNDER_WAY and (bool(asked) or one.status in ("upload", "later", "staff")) and bool(case.actor),
        tuple(file.name for file in one.files),
        case.status in UNDER_WAY and one.status == "promise" and PARTY in case.hats and not case.as_joint,
        bool(again) or (one.status == "staff" and not asked),
    )


def route_of(office: Office, case: CaseView, _: Say) -> list[tuple[str, str]]:
    pairs = []
    pairs.append((_("受理"), office.site_name(case.site) or _(words.CHANNELS.get(case.channel, case.channel))))
    unit = office.units.get(case.deciding_unit or "")
    if unit:
        pairs.append((_("决定"), _(unit.name) + _("（%(n)s）") % {"n": office.name_of(case.deciding_area)}))
    if case.mode in ("proxy", "same-city"):
        pairs.append((_("方式"), _(words.N_("审批局代办")) if case.mode == "proxy" else _(words.N_("同城通办"))))
    if case.rank == 0:
        pairs.append((_("优先"), _(words.N_("绿色通道"))))
    for reason in (case.route or {}).get("because") or ():
        pairs.append((_("说明"), str(reason)))
    return pairs


def on_the_wall(at: datetime) -> str:
    return at.astimezone(LEGAL_TIME).strftime("%Y-%m-%d %H:%M")
