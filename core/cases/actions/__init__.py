"""Every write of this room. Pages, API and CLI import from here and nowhere deeper.

Knows no request: who acts comes in as an Actor, checked here.
"""

from core.cases.actions.copies import mark_read
from core.cases.actions.corrections import answer_correction
from core.cases.actions.deciding import decide, refuse
from core.cases.actions.delivering import deliver, hand_over
from core.cases.actions.drafts import (
    ask_again,
    discard_draft,
    edit_draft,
    keep_draft,
    put_aside,
    save_draft,
    start_draft,
)
from core.cases.actions.duties import end_duty, finish_duty, reopen_duty, report_duty
from core.cases.actions.erasing import (
    ask_to_erase_case,
    ask_to_erase_person,
    confirm_erasure,
    refuse_erasure,
)
from core.cases.actions.extending import extend
from core.cases.actions.fallbacks import confirm, find_promise_false, note_seen, withdraw_promise
from core.cases.actions.filing import file, file_draft
from core.cases.actions.handing import hand_in
from core.cases.actions.leaving import next_client
from core.cases.actions.letters import issue_letter
from core.cases.actions.mandates import grant_for_case, grant_mandate, revoke_for_case, revoke_mandate
from core.cases.actions.moves import SIMPLE, accept, ask_correction, simple_move
from core.cases.actions.outbox import redeliver
from core.cases.actions.papers import judge_paper
from core.cases.actions.pausing import pause
from core.cases.actions.paying import note_payment, reverse_payment, take_payment
from core.cases.actions.posting import SENT_BY, note_sent
from core.cases.actions.queries import answer_query
from core.cases.actions.reading import note_probe
from core.cases.actions.rechecking import ask_sources_again
from core.cases.actions.reopening import open_correction, send_correction
from core.cases.actions.resuming import hand_back, resume_code, take_over
from core.cases.actions.steps import finish_step
from core.cases.actions.uploads import add_file, keep_scan, remove_file

__all__ = [
    "SENT_BY",
    "SIMPLE",
    "accept",
    "add_file",
    "answer_correction",
    "answer_query",
    "ask_again",
    "ask_correction",
    "ask_sources_again",
    "ask_to_erase_case",
    "ask_to_erase_person",
    "confirm",
    "confirm_erasure",
    "decide",
    "deliver",
    "discard_draft",
    "edit_draft",
    "end_duty",
    "extend",
    "file",
    "file_draft",
    "find_promise_false",
    "finish_duty",
    "finish_step",
    "grant_for_case",
    "grant_mandate",
    "hand_back",
    "hand_in",
    "hand_over",
    "issue_letter",
    "judge_paper",
    "keep_draft",
    "keep_scan",
    "mark_read",
    "next_client",
    "note_payment",
    "note_probe",
    "note_seen",
    "note_sent",
    "open_correction",
    "pause",
    "put_aside",
    "redeliver",
    "refuse",
    "refuse_erasure",
    "remove_file",
    "reopen_duty",
    "report_duty",
    "resume_code",
    "reverse_payment",
    "revoke_for_case",
    "revoke_mandate",
    "save_draft",
    "send_correction",
    "simple_move",
    "start_draft",
    "take_over",
    "take_payment",
    "withdraw_promise",
]
