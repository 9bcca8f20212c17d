"""What citizens meet: one module a page, one template a page.

Knows the addresses; each module says what its page is.
"""

from __future__ import annotations

from pathlib import Path

from starlette.routing import BaseRoute, Route

from core.web.rendering import add_templates
from forms.pages import sample
from forms.pages.about import accessibility, privacy
from forms.pages.account import login, login_again, login_post, logout, look
from forms.pages.apply import apply, apply_post
from forms.pages.ask import ask, ask_post
from forms.pages.catalog import catalog
from forms.pages.check import check, check_post
from forms.pages.correction import open_post as correct
from forms.pages.draft import draft, draft_post
from forms.pages.gallery import exhibit, exhibit_post, gallery
from forms.pages.guide import guide
from forms.pages.letter import letter
from forms.pages.mandates import end as end_mandate
from forms.pages.mandates import new as new_mandate
from forms.pages.mandates import new_post as new_mandate_post
from forms.pages.mandates import paper as mandate
from forms.pages.mandates import scan as mandate_scan
from forms.pages.me import me
from forms.pages.own_account import change_password, end_sessions, new_codes, own_account, shown_codes
from forms.pages.receipt import confirm, notice, receipt, receipt_post, report_duty, withdraw_promise
from forms.pages.resume import code, code_post, discard, discard_post, hand_back, resume, resume_post
from forms.pages.second import second, second_post
from forms.pages.sites import site_list, site_page
from forms.pages.track import track, track_post
from forms.pages.verify import verify, verify_post

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"


def routes() -> list[BaseRoute]:
    """Every citizen's page. Also makes their templates known as `forms/…`."""
    add_templates("forms", TEMPLATES)
    return [
        Route("/", catalog),
        Route("/items/{id}", guide),
        Route("/items/{id}/samples/{material}", sample.of_item),
        Route("/items/{id}/apply", apply),
        Route("/items/{id}/apply", apply_post, methods=["POST"]),
        Route("/drafts/{id}", draft),
        Route("/drafts/{id}", draft_post, methods=["POST"]),
        Route("/drafts/{id}/code", code),
        Route("/drafts/{id}/code", code_post, methods=["POST"]),
        Route("/drafts/{id}/discard", discard),
        Route("/drafts/{id}/discard", discard_post, methods=["POST"]),
        Route("/drafts/{id}/back", hand_back, methods=["POST"]),
        Route("/resume", resume),
        Route("/resume", resume_post, methods=["POST"]),
        Route("/drafts/{id}/samples/{material}", sample.of_the_draft),
        Route("/drafts/{id}/check", check),
        Route("/drafts/{id}/check", check_post, methods=["POST"]),
        Route("/drafts/{id}/ask/{name:path}", ask),
        Route("/drafts/{id}/ask/{name:path}", ask_post, methods=["POST"]),
        Route("/drafts/{id}/papers/{name:path}", ask),
        Route("/drafts/{id}/papers/{name:path}", ask_post, methods=["POST"]),
        Route("/cases/{no}", receipt),
        Route("/cases/{no}", receipt_post, methods=["POST"]),
        Route("/cases/{no}/correction", correct, methods=["POST"]),
        Route("/cases/{no}/duties/{key}", report_duty, methods=["POST"]),
        Route("/cases/{no}/notice", notice),
        Route("/cases/{no}/samples/{material}", sample.of_case),
        Route("/letters/{id}", letter),
        Route("/cases/{no}/promises/{material}", withdraw_promise, methods=["POST"]),
        Route("/cases/{no}/confirm/{material}", confirm, methods=["POST"]),
        Route("/verify", verify),
        Route("/verify", verify_post, methods=["POST"]),
        Route("/track", track),
        Route("/track", track_post, methods=["POST"]),
        Route("/sites", site_list),
        Route("/sites/{id}", site_page),
        Route("/me", me),
        Route("/me/mandates/new", new_mandate),
        Route("/me/mandates/new", new_mandate_post, methods=["POST"]),
        Route("/mandates/{id}", mandate),
        Route("/mandates/{id}/files/{digest}", mandate_scan),
        Route("/me/mandates/{id}/end", end_mandate, methods=["POST"]),
        Route("/login", login),
        Route("/login", login_post, methods=["POST"]),
        Route("/login/again", login_again),
        Route("/login/second", second),
        Route("/login/second", second_post, methods=["POST"]),
        Route("/account", own_account),
        Route("/account/password", change_password, methods=["POST"]),
        Route("/account/sessions", end_sessions, methods=["POST"]),
        Route("/account/recovery", shown_codes),
        Route("/account/recovery", new_codes, methods=["POST"]),
        Route("/logout", logout, methods=["POST"]),
        Route("/look", look),
        Route("/gallery", gallery),
        Route("/gallery/{number:int}", exhibit),
        Route("/gallery/{number:int}", exhibit_post, methods=["POST"]),
        Route("/about/privacy", privacy),
        Route("/about/access", accessibility),
    ]
