"""Who did something for whom, by what right, or who decides from then on: one sentence beside an event of a case's
history.

Knows what `core.cases.acting` writes into events; those from before it, and erased ones, say nothing.
"""

from __future__ import annotations

from core.cases.case_view import EventView
from core.contract import Office
from core.web.rendering import translator
from forms.pages import words
from forms.pages.road import office_name

RELATIONS = {
    "guardian": words.N_("监护关系"),
    "spouse": words.N_("婚姻登记"),
    "child": words.N_("子女关系"),
    "parent": words.N_("父母关系"),
    "relative": words.N_("同户的近亲属关系"),
    "heir": words.N_("继承关系"),
    "legal_representative": words.N_("法定代表人身份"),
}


def acted(event: EventView, office: Office, language: str) -> str:
    """`由 李工（试新市民驿站）代 陈试甲 办理，凭委托书 WT20261127-3F9A2C（…）`; "" where nobody acts for another.

    Of an event by which another office decides from then on: which.
    """
    _ = translator(language)
    if moved := event.data.get("moved"):
        return _(words.N_("此后由%(office)s决定")) % {
            "office": office_name(office, moved["unit"], moved["area"], language)
        }
    standing = event.data.get("standing") or {}
    by, applicant = event.data.get("by") or {}, (event.data.get("applicant") or {}).get("name") or ""
    kind = standing.get("kind")
    if kind not in ("mandate", "relation") or not by:
        return ""
    role = _(words.ROLES[event.actor_role]) if event.actor_role == "operator" else ""
    place = office.site_name(by.get("site")) or role
    told = {
        "who": f"{by.get('name') or ''}（{place}）" if place else by.get("name") or "",
        "whom": str(event.data.get("firm") or "") or applicant or _(words.N_("申请人")),
    }
    if kind == "relation":
        told["right"] = _(RELATIONS.get(str(standing.get("relation")), words.N_("登记的关系")))
        return _(words.N_("由 %(who)s 代 %(whom)s 办理，凭%(right)s")) % told
    told["no"] = str(standing.get("no") or "")
    told["way"] = _(words.SIGNED.get(str(standing.get("way")), words.N_("委托书")))
    return _(words.N_("由 %(who)s 代 %(whom)s 办理，凭委托书 %(no)s（%(way)s）")) % told


def by_whom(event: EventView, office: Office, language: str) -> str:
    """As `acted`; of what only the applicant himself may say also that it was he, and what he wrote with it."""
    _ = translator(language)
    told = acted(event, office, language)
    if event.type not in ("corrected", "promise_withdrawn"):
        return told
    name, note = str((event.data.get("by") or {}).get("name") or ""), str(event.data.get("because") or "")
    if not told and name:
        told = _(words.N_("由 %(who)s 提交")) % {"who": name}
    said = _(words.N_("补正说明：%(text)s")) % {"text": note} if note and event.type == "corrected" else ""
    return _("；").join(one for one in (told, said) if one)
