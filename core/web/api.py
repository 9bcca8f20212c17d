"""The JSON API: what can be applied for, filing a case, reading it back. Contract in DESIGN section 7.

Knows HTTP and JSON; every write is an action of `core.cases`, every read of a case goes through its access.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core.cases import access, actions
from core.catalog.bundle import canonical
from core.contract import Actor, Item, Problem, Site
from core.errors import RequestError, SignInNeeded, Unprocessable
from core.office import access as office_access
from core.web import proof
from core.web.session import kernel
from core.web.unread import unread

BODY_KEYS = {"applicant", "answers", "site", "mandate", "consents", "promises", "files", "disputes"}
MAX_DEPTH = 64
MOST_ITEMS = 200
IDEMPOTENCY_KEY_LENGTH = 255


async def client(request: Request) -> Actor:
    """The client that the bearer token names. Raises SignInNeeded for none, or one that nobody issued."""
    scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
    actor = await office_access.token(bearer.strip()) if scheme.lower() == "bearer" and bearer.strip() else None
    if actor is None:
        raise SignInNeeded("Send a valid token: Authorization: Bearer …")
    return actor


async def items(request: Request) -> Response:
    """`GET /api/v1/items?q=&theme=&audience=`: one row an item, as `lingban catalog --json` gives them.

    All of them, the best match first; with `limit` a page by id, and `next` is the `after` of the one that follows.
    """
    catalog = kernel(request).catalog
    query = request.query_params
    found = list(catalog.search(query.get("q", ""), theme=query.get("theme"), audience=query.get("audience")))
    said: dict[str, Any] = {"counts": catalog.counts()}
    if "limit" in query:
        limit = int(query["limit"]) if query["limit"].isascii() and query["limit"].isdigit() else 0
        if not 1 <= limit <= MOST_ITEMS:
            raise RequestError(f"limit must be 1 to {MOST_ITEMS}.")
        found = sorted((one for one in found if one.id > query.get("after", "")), key=lambda one: one.id)
        said["next"] = found[limit - 1].id if len(found) > limit else None
        found = found[:limit]
    return JSONResponse({"items": [catalog.facts(item) for item in found], **said})


async def item(request: Request) -> Response:
    """`GET /api/v1/items/{id}`: the guide, the form's schema, and what will be looked up."""
    it = kernel(request).item(request.path_params["id"])
    return JSONResponse(describe(kernel(request).catalog.facts(it), it))


def describe(row: Mapping[str, Any], it: Item) -> dict[str, Any]:
    guide = {key: value for key, value in it.declared.items() if key not in ("$schema", "contract")}
    return {
        **guide,
        **row,
        "digest": it.digest,
        "form": it.form,
        "ui": it.ui,
        "lookups": {
            name: {"source": lookup.source, "take": list(lookup.take), "purpose": lookup.purpose,
                   "basis": lookup.basis, "consent": lookup.consent}
            for name, lookup in it.lookups.items()
        },
    }  # fmt: skip


async def file_case(request: Request) -> Response:
    """`POST /api/v1/items/{id}/cases`: 201 with the receipt; 200 with the first one for a repeated key; 409, 422."""
    core = kernel(request)
    actor = await client(request)
    it = core.item(request.path_params["id"])
    key = request.headers.get("idempotency-key")
    if key is not None and not 0 < len(key) <= IDEMPOTENCY_KEY_LENGTH:
        raise RequestError(f"Idempotency-Key: 1 to {IDEMPOTENCY_KEY_LENGTH} characters.")
    body = read_body(await request.body())
    if it.handling == "handoff":
        raise RequestError(f"This item is served elsewhere: {it.url}", code="handoff")
    common: dict[str, Any] = {
        "actor": actor,
        "applicant": body.get("applicant", {}),
        "answers": body.get("answers", {}),
        "site": site_of(core.office.sites, body.get("site"), actor),
        "consents": body.get("consents", []),
        "mandate": body.get("mandate"),
    }
    warnings = unread(it, body)
    told = {"warnings": [asdict(one) for one in warnings]} if warnings else {}
    try:
        if it.handling == "query":
            answer = await actions.answer_query(core, it, **common)
            return JSONResponse({**answer.as_json(), **told}, status_code=200)
        receipt, created = await actions.file(
            core,
            it,
            **common,
            promises=body.get("promises", []),
            disputes=body.get("disputes", {}),
            files=read_files(body.get("files", {})),
            idempotency_key=key,
            body_digest=hashlib.sha256(canonical({"item": it.id, "body": body})).hexdigest(),
        )
    except Unprocessable as error:
        error.warnings = warnings
        raise
    headers = {"Location": f"/api/v1/cases/{receipt.no}"}
    return JSONResponse({**receipt.as_json(), **told}, status_code=201 if created else 200, headers=headers)


async def cases(request: Request) -> Response:
    """`GET /api/v1/cases?after=`: the client's own cases, newest first."""
    actor = await client(request)
    page = await access.cases_of(kernel(request), actor, request.query_params.get("after") or None)
    rows = [
        {
            "no": line.no,
            "item": line.item,
            "status": line.status,
            "outcome": line.outcome,
            "filed_at": line.filed_at.isoformat(),
            "deadline": line.deadline.isoformat() if line.deadline else None,
        }
        for line in page.lines
    ]
    return JSONResponse({"cases": rows, "next": page.after})


async def case(request: Request) -> Response:
    """`GET /api/v1/cases/{no}`: the receipt without its tracking code."""
    actor = await client(request)
    view = await access.case(kernel(request), actor, request.path_params["no"])
    return JSONResponse(view.as_json())


def site_of(sites: Mapping[str, Site], said: Any, actor: Actor) -> Site | None:
    """The site that the body names, by id or as an object with one; else the one the client is bound to."""
    id = said.get("id") if isinstance(said, Mapping) else said
    id = id or actor.site
    if id is None:
        return None
    if not isinstance(id, str) or id not in sites:
        raise Unprocessable([Problem("/site", "site", "没有这个服务点，请核对服务点编号。")])
    return sites[id]


def read_body(raw: bytes) -> dict[str, Any]:
    """The body as a dict of known keys and right types. Raises RequestError saying where and what."""
    try:
        body = json.loads(raw.decode(), parse_constant=_no_constant, object_pairs_hook=_no_twins)
    except UnicodeDecodeError as error:
        raise RequestError(f"The body is not UTF-8: byte {error.start}.", code="malformed") from error
    except json.JSONDecodeError as error:
        raise RequestError(
            f"The body is not JSON: {error.msg}, line {error.lineno} column {error.colno}.", code="malformed"
        ) from error
    except RecursionError as error:
        raise RequestError("The body is nested too deeply.", code="malformed") from error
    except ValueError as error:  # Python reads no whole number beyond some thousand digits
        raise RequestError("The body holds a number of too many digits.", code="malformed") from error
    if b"\\u" in raw:
        try:
            json.dumps(body, ensure_ascii=False).encode()
        except UnicodeEncodeError as error:
            raise RequestError("The body holds half a character (a lone surrogate).", code="malformed") from error
    if not isinstance(body, dict):
        raise RequestError('The body must be a JSON object such as {"answers": {…}}.', code="malformed")
    if unknown := sorted(set(body) - BODY_KEYS):
        raise RequestError(f"Unknown keys: {', '.join(unknown)}. Known: {', '.join(sorted(BODY_KEYS))}.",
                           code="unknown-key")  # fmt: skip
    for name, kind, word in (
        ("applicant", dict, "an object"),
        ("answers", dict, "an object"),
        ("files", dict, "an object"),
        ("disputes", dict, "an object: pointer into the answers → the right value, or null"),
        ("consents", list, "a list of lookup names"),
        ("promises", list, "a list of material ids"),
    ):
        if name in body and not isinstance(body[name], kind):
            raise RequestError(f"/{name} must be {word}.", code="malformed")
    for name in ("consents", "promises"):
        if not all(isinstance(entry, str) for entry in body.get(name, ())):
            raise RequestError(f"/{name} must hold strings only.", code="malformed")
    for at in body.get("disputes", ()):
        if not at.startswith("/"):
            raise RequestError(f"/disputes: {at} is no pointer into the answers, such as /name.", code="malformed")
    if _depth(body) > MAX_DEPTH:
        raise RequestError("The body is nested too deeply.", code="malformed")
    return body


def read_files(declared: Mapping[str, Any]) -> dict[str, list[tuple[str, bytes]]]:
    """material id → [(file name, content)]. Raises RequestError at the file that cannot be read."""
    files: dict[str, list[tuple[str, bytes]]] = {}
    for material, entries in declared.items():
        for place, entry in enumerate(entries if isinstance(entries, list) else [entries]):
            where = f"/files/{material}/{place}"
            if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
                raise RequestError(f'{where} must be {{"name": "…", "base64": "…"}}.', code="malformed")
            try:
                content = base64.b64decode(entry.get("base64") or "", validate=True)
            except (binascii.Error, ValueError, TypeError) as error:
                raise RequestError(f"{where}/base64 is not base 64.", code="malformed") from error
            files.setdefault(material, []).append((entry["name"], content))
    return files


def _no_constant(name: str) -> None:
    raise RequestError(f"The body holds {name}, which is not JSON.", code="malformed")


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Two members of one name mean different things to different readers, so neither is taken."""
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twin = next(name for name in names if names.count(name) > 1)
        raise RequestError(f'The name "{twin}" stands twice in one object.', code="malformed")
    return found


def _depth(value: Any) -> int:
    deepest, level = 0, [value]
    while level:
        deepest += 1
        if deepest > MAX_DEPTH:
            return deepest
        level = [
            child
            for parent in level
            for child in (parent.values() if isinstance(parent, dict) else parent if isinstance(parent, list) else ())
        ]
    return deepest


ROUTES = [
    Route("/items", items),
    Route("/items/{id}", item),
    Route("/items/{id}/cases", file_case, methods=["POST"]),
    Route("/cases", cases),
    Route("/cases/{no}", case),
    Route("/roots", proof.roots),
]
