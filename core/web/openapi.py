"""The API described as OpenAPI 3.1, made from the catalog: every item is a typed operation of its own.

Knows the API's shapes; `core.web.api` keeps to them, and a test compares the two.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from core import __version__
from core.catalog.snapshot import Catalog
from core.contract import LEVELS, STATUSES, Item
from core.judge.fields import without_filled
from core.web.session import kernel

_REF = "#/components/schemas/"


async def document(request: Request) -> Response:
    return JSONResponse(describe(kernel(request).catalog))


def describe(catalog: Catalog) -> dict[str, Any]:
    """The whole document. Items set aside are not in it; a new folder is, at the next request."""
    schemas = _shared_schemas()
    paths: dict[str, Any] = {
        "/api/v1/items": {"get": _list_items()},
        "/api/v1/items/{id}": {"get": _get_item()},
        "/api/v1/cases/{no}": {"get": _get_case()},
        "/api/v1/cases": {"get": _list_cases()},
        "/api/v1/roots": {"get": _list_roots()},
    }
    for item in catalog.offered.values():
        if item.handling == "handoff":
            continue
        name = f"answers.{item.id}"
        schemas[name] = answers_schema(item, name)
        paths[f"/api/v1/items/{item.id}/cases"] = {"post": _file_case(item, name)}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Lingban 零办", "version": __version__,
                 "description": "Service items of one city: what can be applied for, filing, and tracking."},
        "paths": paths,
        "components": {"schemas": schemas,
                       "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
                       "responses": {"Problem": _problem_response()}},
    }  # fmt: skip


def answers_schema(item: Item, name: str) -> dict[str, Any]:
    """form.json as a component: references re-rooted, and fields the server fills left optional."""
    schema = _rerooted(item.form, f"{_REF}{name}")
    assert isinstance(schema, dict)  # cannot fail: a form is an object, the inspector saw to it
    schema.pop("$schema", None)
    return without_filled(schema)


def _rerooted(value: Any, root: str) -> Any:
    if isinstance(value, Mapping):
        return {
            key: root + inner[1:]
            if key == "$ref" and isinstance(inner, str) and inner.startswith("#")
            else _rerooted(inner, root)
            for key, inner in value.items()
        }
    return [_rerooted(inner, root) for inner in value] if isinstance(value, list) else value


def _json(schema: Any, description: str) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _problems(*statuses: int) -> dict[str, Any]:
    return {str(status): {"$ref": "#/components/responses/Problem"} for status in statuses}


def _problem_response() -> dict[str, Any]:
    return {
        "description": "RFC 9457 problem details",
        "content": {"application/problem+json": {"schema": {"$ref": f"{_REF}ProblemDetails"}}},
    }


def _list_items() -> dict[str, Any]:
    return {
        "operationId": "list_items",
        "summary": "事项目录 (the catalog)",
        "parameters": [
            {"name": name, "in": "query", "schema": {"type": "string"}, "description": text}
            for name, text in (("q", "words, pinyin or initials"), ("theme", "a theme's name"),
                               ("audience", "person or enterprise"),
                               ("after", "with limit: items after this id"))
        ] + [{"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 200},
              "description": "a page of this many, by id; all of them without it"}],
        "responses": {"200": _json({"$ref": f"{_REF}Catalog"}, "The items"), **_problems(400)},
    }  # fmt: skip


def _path(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


def _get_item() -> dict[str, Any]:
    return {
        "operationId": "get_item",
        "summary": "办事指南 (one item's guide, form and lookups)",
        "parameters": [_path("id")],
        "responses": {"200": _json({"$ref": f"{_REF}Item"}, "The item"), **_problems(404, 503)},
    }


def _get_case() -> dict[str, Any]:
    return {
        "operationId": "get_case",
        "summary": "办件进度 (one case of the client's own)",
        "security": [{"bearer": []}],
        "parameters": [_path("no")],
        "responses": {"200": _json({"$ref": f"{_REF}Case"}, "The case"), **_problems(401, 404)},
    }


def _list_cases() -> dict[str, Any]:
    return {
        "operationId": "list_cases",
        "summary": "办件列表 (the client's own cases, newest first, a page at a time)",
        "security": [{"bearer": []}],
        "parameters": [{"name": "after", "in": "query", "schema": {"type": "string"},
                        "description": "what the page before gave as next"}],
        "responses": {"200": _json({"$ref": f"{_REF}Cases"}, "The cases"), **_problems(401, 404)},
    }  # fmt: skip


def _list_roots() -> dict[str, Any]:
    return {
        "operationId": "list_roots",
        "summary": "每日存证根 (each day's Merkle root over the log, signed: keep them outside)",
        "parameters": [
            {"name": "after", "in": "query", "schema": {"type": "string", "format": "date"},
             "description": "days after this one"}
        ],
        "responses": {"200": _json({"$ref": f"{_REF}Roots"}, "The roots, oldest first"), **_problems(400)},
    }  # fmt: skip


def _file_case(item: Item, name: str) -> dict[str, Any]:
    body = {
        "type": "object",
        "required": ["applicant"],
        "additionalProperties": False,
        "properties": {
            "applicant": {"$ref": f"{_REF}Applicant"},
            "answers": {"$ref": f"{_REF}{name}"},
            "site": {"type": ["string", "null"], "description": "id of the site where it is filed"},
            "mandate": {"type": ["string", "null"], "description": "id of the mandate to act under"},
            "consents": {"type": "array", "items": {"enum": sorted(item.lookups)} if item.lookups else False},
            "promises": {"type": "array", "items": {"enum": [m.id for m in item.materials]}
                         if item.materials else False},
            "files": {"type": "object", "additionalProperties": {"type": "array",
                                                                 "items": {"$ref": f"{_REF}File"}},
                      "description": "material → files; and for a disputed value, its pointer → what shows it"},
            "disputes": {"type": "object", "propertyNames": {"pattern": "^/"}, "additionalProperties": True,
                         "description": "校核纠错: pointer of a held value that is wrong → the right value, or null"},
        },
    }  # fmt: skip
    operation: dict[str, Any] = {
        "operationId": f"file_{item.id.replace('-', '_')}",
        "summary": item.title,
        "tags": list(item.themes),
        "security": [{"bearer": []}],
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
    }
    if item.handling == "query":
        answer = {"type": "object", "description": "the lookup that the item shows", "required": ["answer"]}
        return {**operation, "responses": {"200": _json(answer, "The answer"), **_problems(400, 401, 403, 413, 422)}}
    return {
        **operation,
        "parameters": [
            {"name": "Idempotency-Key", "in": "header", "schema": {"type": "string", "minLength": 1, "maxLength": 255},
             "description": "the same key and body again gives 200 with the first receipt; another body 409"}
        ],
        "responses": {
            "201": _json({"$ref": f"{_REF}Receipt"}, "Filed"),
            "200": _json({"$ref": f"{_REF}Receipt"}, "Filed before under this key"),
            **_problems(400, 401, 403, 404, 409, 413, 422, 503),
        },
    }  # fmt: skip


def _shared_schemas() -> dict[str, Any]:
    text: dict[str, Any] = {"type": "string"}
    maybe: dict[str, Any] = {"type": ["string", "null"]}
    case = {
        "no": text,
        "status": {"enum": list(STATUSES)},
        "decision": {"type": "object", "required": ["outcome", "because", "rule"],
                     "properties": {"outcome": {"enum": ["approve", "reject", "decline", "review", None]},
                                    "because": maybe, "rule": maybe,
                                    "conditions": {"type": "array", "items": text}, "part": text,
                                    "granted": {"type": "object", "required": ["number", "unit"],
                                                "properties": {"number": text, "unit": text}}}},
        "materials": {"type": "array", "items": {
            "type": "object", "required": ["id", "status"],
            "properties": {"id": text, "status": {"enum": ["proved", "given", "upload", "staff", "promise", "later",
                                                           "confirm"]}}}},
        "route": {"type": ["object", "null"], "properties": {
            "mode": {"enum": ["direct", "same-city", "proxy"]},
            "accepting": {"type": ["object", "null"]}, "deciding": {"type": "object"},
            "steps": {"type": "array", "items": {"type": "object"}}}},
        "deadline": {"type": ["string", "null"], "format": "date"},
    }  # fmt: skip
    warnings = {"type": "array", "items": {"$ref": f"{_REF}Problem"},
                "description": "what the body names and nothing reads, with the name that was meant"}  # fmt: skip
    row = {
        "id": text, "title": text, "version": text, "zero_material": {"type": "boolean"},
        "handling": {"enum": ["instant", "promised", "query", "handoff"]},
        "sites": {"type": "object", "propertyNames": {"enum": list(LEVELS)},
                  "additionalProperties": {"enum": ["decide", "accept", "collect", "forward"]}},
        "area": {"type": ["string", "null"]}, "channels": {"type": "array", "items": text},
    }  # fmt: skip
    problem = {"type": "object", "required": ["at", "keyword", "message"],
               "properties": {"at": text, "keyword": text, "message": text}}  # fmt: skip
    return {
        "Catalog": {"type": "object", "required": ["items", "counts"],
                    "properties": {"items": {"type": "array", "items": {"$ref": f"{_REF}ItemRow"}},
                                   "counts": {"type": "object", "additionalProperties": {"type": "integer"}},
                                   "next": {"type": ["string", "null"]}}},
        "Roots": {"type": "object", "required": ["roots", "next"], "properties": {
            "roots": {"type": "array", "items": {"type": "object", "required": ["day", "root", "cases", "line"],
                "properties": {"day": {"type": "string", "format": "date"},
                               "root": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
                               "cases": {"type": "integer"}, "line": text}}},
            "next": {"type": ["string", "null"]}}},
        "Cases": {"type": "object", "required": ["cases", "next"], "properties": {
            "cases": {"type": "array", "items": {"type": "object", "required": ["no", "item", "status", "filed_at"],
                "properties": {"no": text, "item": text, "status": {"enum": list(STATUSES)},
                               "outcome": {"type": ["string", "null"]},
                               "filed_at": {"type": "string", "format": "date-time"},
                               "deadline": {"type": ["string", "null"]}}}},
            "next": {"type": ["string", "null"]}}},
        "ItemRow": {"type": "object", "required": ["id", "title", "handling"], "properties": row},
        "Item": {"type": "object", "required": ["id", "title", "handling", "form"],
                 "properties": {**row, "form": {"type": "object"}, "digest": text,
                                "lookups": {"type": "object"}}},
        "Applicant": {"type": "object", "required": ["kind"], "properties": {
            "kind": {"enum": ["person", "enterprise"]}, "name": text, "id_number": text, "credit_code": text,
            "area": text, "groups": {"type": "array", "items": text}}},
        "File": {"type": "object", "required": ["name", "base64"],
                 "properties": {"name": text, "base64": {"type": "string", "contentEncoding": "base64"}}},
        "Case": {"type": "object", "required": list(case), "properties": {
            **case, "handover": {"type": "array", "items": {
                "type": "object", "required": ["id", "title", "place", "taken_on"],
                "properties": {"id": text, "title": text, "place": text, "taken_on": maybe}}},
            "duties": {"type": "array", "items": {
                "type": "object", "required": ["id", "number", "title", "party", "due", "state", "done_on"],
                "properties": {"id": text, "number": {"type": "integer"}, "title": text,
                               "party": {"type": "boolean"}, "due": maybe,
                               "state": {"enum": ["open", "reported", "done", "ended"]}, "done_on": maybe}}},
            "results": {"type": "array", "items": {
                "type": "object", "required": ["id", "title", "no", "valid_until"],
                "properties": {"id": text, "title": text, "no": text, "valid_until": maybe}}}}},
        "Receipt": {"type": "object", "required": [*case, "tracking_code"],
                    "properties": {**case, "tracking_code": text, "warnings": warnings}},
        "Problem": problem,
        "ProblemDetails": {"type": "object", "required": ["type", "title", "status"],
                           "properties": {"type": text, "title": text, "status": {"type": "integer"},
                                          "detail": text, "code": text,
                                          "problems": {"type": "array", "items": {"$ref": f"{_REF}Problem"}},
                                          "warnings": warnings}},
    }  # fmt: skip
