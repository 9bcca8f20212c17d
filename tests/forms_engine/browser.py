"""What a browser would post from a page of ours: fields as the HTML standard submits them, by a real parser."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element

import html5lib


def tree(html: str) -> Element:
    parsed: Element = html5lib.parse(f"<!doctype html><title>x</title><form>{html}</form>", namespaceHTMLElements=False)
    return parsed


def posted(html: str, *, button: tuple[str, str] | None = None) -> list[tuple[str, str]]:
    """The (name, value) pairs in document order; `button` is the submit button that was pressed, if any."""
    pairs: list[tuple[str, str]] = []
    for element in tree(html).iter():
        name = element.get("name")
        if not name or element.get("disabled") is not None:
            continue
        if element.tag == "input":
            kind = element.get("type", "text")
            if kind in ("submit", "button", "file", "image", "reset"):
                continue
            if kind in ("radio", "checkbox"):
                if element.get("checked") is not None:
                    pairs.append((name, element.get("value", "on")))
            else:
                pairs.append(
                    (name, element.get("value", "").replace("\n", "") if kind != "hidden" else element.get("value", ""))
                )
        elif element.tag == "textarea":
            pairs.append((name, "".join(element.itertext()).replace("\n", "\r\n")))
        elif element.tag == "select":
            options = list(element.iter("option"))
            picked = [o for o in options if o.get("selected") is not None][-1:] or options[:1]
            pairs += [(name, o.get("value", "")) for o in picked]
    if button is not None:
        pairs.append(button)
    return pairs


def inputs(html: str) -> list[Element]:
    return [e for e in tree(html).iter() if e.tag in ("input", "select", "textarea")]


def texts(html: str, css: str) -> list[str]:
    """The text of every element with a class."""
    return ["".join(e.itertext()) for e in tree(html).iter() if css in (e.get("class") or "").split()]


def attributes(html: str) -> list[dict[str, Any]]:
    return [dict(e.attrib) for e in tree(html).iter()]
