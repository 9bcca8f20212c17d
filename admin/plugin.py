"""The desk's routes, offered through the `routes` hook as a third party would.

Knows addresses; the pages stand in the modules beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from starlette.routing import BaseRoute, Route

from admin import (
    accounts,
    auditing,
    calendar,
    case_mandates,
    copies,
    corrections,
    deliveries,
    desk,
    duties,
    erasing,
    letters,
    moves,
    office,
    outgoing,
    post,
    resuming,
    rights,
    shelves,
    site,
    source_desk,
    taking,
    till,
    whole,
)
from core.hookspecs import hookimpl
from core.web import errors, rendering


@hookimpl
def routes() -> Sequence[BaseRoute]:
    errors.ACTION_WORDS.update(rights.ACTIONS)
    rendering.add_templates("admin", Path(__file__).resolve().parent / "templates")
    return [
        Route("/admin", desk.to_desk),
        Route("/admin/", desk.queue),
        Route("/admin/open", desk.open_by_number),
        Route("/admin/cases/{no}", desk.case),
        Route("/admin/cases/{no}/files/{digest}", desk.file),
        Route("/admin/cases/{no}/moves/{move}", moves.make, methods=["POST"]),
        Route("/admin/cases/{no}/mandates", case_mandates.page, methods=["GET"]),
        Route("/admin/cases/{no}/mandates", case_mandates.grant, methods=["POST"]),
        Route("/admin/cases/{no}/mandates/{id}/end", case_mandates.end, methods=["POST"]),
        Route("/admin/cases/{no}/look-up", moves.look_up, methods=["POST"]),
        Route("/admin/cases/{no}/materials/{material}", moves.hand_in, methods=["POST"]),
        Route("/admin/cases/{no}/materials/{material}/{act}", moves.material, methods=["POST"]),
        Route("/admin/take", taking.choose),
        Route("/admin/next", taking.next_client, methods=["POST"]),
        Route("/admin/resume", resuming.resume, methods=["GET"]),
        Route("/admin/resume", resuming.resume_post, methods=["POST"]),
        Route("/admin/take/{id}", taking.begin, methods=["GET"]),
        Route("/admin/take/{id}", taking.begin_post, methods=["POST"]),
        Route("/admin/staff", accounts.staff_list, methods=["GET"]),
        Route("/admin/staff", accounts.create, methods=["POST"]),
        Route("/admin/staff/{login}", post.edit, methods=["GET"]),
        Route("/admin/staff/{login}", post.save, methods=["POST"]),
        Route("/admin/staff/{login}/{act}", accounts.change, methods=["POST"]),
        Route("/admin/office", office.to_sites),
        Route("/admin/office/sites/new", site.new),
        Route("/admin/office/sites", site.create, methods=["POST"]),
        Route("/admin/office/sites/{id}", site.edit),
        Route("/admin/office/sites/{id}", site.save, methods=["POST"]),
        Route("/admin/office/{kind}", office.office_list, methods=["GET"]),
        Route("/admin/office/{kind}", office.create, methods=["POST"]),
        Route("/admin/office/{kind}/new", office.new),
        Route("/admin/office/{kind}/{id}", office.edit, methods=["GET"]),
        Route("/admin/office/{kind}/{id}", office.save, methods=["POST"]),
        Route("/admin/office/{kind}/{id}/{act}", office.retire, methods=["POST"]),
        Route("/admin/calendar", calendar.year, methods=["GET"]),
        Route("/admin/calendar", calendar.settle, methods=["POST"]),
        Route("/admin/calendar/notice", calendar.notice, methods=["POST"]),
        Route("/admin/permissions", rights.permissions),
        Route("/admin/load", rights.load_page),
        Route("/admin/audit", auditing.overview, methods=["GET"]),
        Route("/admin/audit", auditing.verify, methods=["POST"]),
        Route("/admin/audit/reads", auditing.to_search, methods=["GET"]),
        Route("/admin/audit/reads", auditing.reads, methods=["POST"]),
        Route("/admin/deliveries", deliveries.overview, methods=["GET"]),
        Route("/admin/deliveries/again", deliveries.again, methods=["POST"]),
        Route("/admin/letters", letters.overview, methods=["GET"]),
        Route("/admin/letters/{no}", letters.issue, methods=["POST"]),
        Route("/admin/erasures", erasing.overview, methods=["GET"]),
        Route("/admin/erasures", erasing.ask, methods=["POST"]),
        Route("/admin/erasures/look", erasing.look, methods=["POST"]),
        Route("/admin/erasures/{id}", erasing.one, methods=["GET"]),
        Route("/admin/erasures/{id}/{act}", erasing.answer, methods=["POST"]),
        Route("/admin/plugins", shelves.plugins),
        Route("/admin/plugins/{id}", shelves.plugin),
        Route("/admin/faults", shelves.faults),
        Route("/admin/copies", copies.copies),
        Route("/admin/copies/{id}", copies.copy, methods=["GET"]),
        Route("/admin/copies/{id}", copies.read, methods=["POST"]),
        Route("/admin/outgoing", outgoing.to_send),
        Route("/admin/outgoing/{id}", outgoing.one, methods=["GET"]),
        Route("/admin/outgoing/{id}", outgoing.sent, methods=["POST"]),
        Route("/admin/payments", till.look, methods=["GET"]),
        Route("/admin/payments", till.note, methods=["POST"]),
        Route("/admin/duties", duties.duties),
        Route("/admin/cases/{no}/duties/{key}/{act}", duties.record, methods=["POST"]),
        Route("/admin/corrections", corrections.corrections),
        Route("/admin/corrections/{id}", corrections.answer, methods=["POST"]),
        Route("/admin/corrections/{id}/files/{digest}", corrections.file),
        Route("/admin/sources", source_desk.sources),
        Route("/admin/sources/{id}", source_desk.source, methods=["GET"]),
        Route("/admin/sources/{id}", source_desk.probe, methods=["POST"]),
        Route("/admin/catalog", whole.catalog),
    ]
