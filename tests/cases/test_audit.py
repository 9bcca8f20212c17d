"""The chain: what was written stays provable, and what was changed is named."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cases.audit import GENESIS, Link, check, forge, merkle_root
from core.contract import STATUSES

datas = st.dictionaries(st.text(max_size=5), st.one_of(st.text(max_size=5), st.integers(), st.none()), max_size=3)


def chain(payloads: list[dict[str, Any]]) -> list[Link]:
    links: list[Link] = []
    status = None
    for seq, data in enumerate(payloads, 1):
        to = STATUSES[seq % len(STATUSES)]
        previous = links[-1].digest if links else GENESIS
        links.append(
            forge(
                "c",
                seq=seq,
                previous=previous,
                type="moved",
                at="2026-11-23T00:00:00.000+00:00",
                actor="a",
                actor_role="clerk",
                from_status=status,
                to_status=to,
                data=data,
            )
        )
        status = to
    return links


def verdict(links: list[Link], whole: list[Link]) -> Any:
    return check("no", links, head=whole[-1].digest, count=len(whole))


@given(st.lists(datas, min_size=1, max_size=6))
def test_a_whole_chain_holds_also_after_erasure(payloads: list[dict[str, Any]]) -> None:
    links = chain(payloads)
    assert verdict(links, links) is None
    taken = [replace(link, payload=None) for link in links]
    assert "no erasure says why" in verdict(taken, links).what
    last = forge("c", seq=len(links) + 1, previous=links[-1].digest, type="erased", at=links[-1].at, actor="a",
                 actor_role="administrator", from_status=links[-1].to_status, to_status=links[-1].to_status,
                 data={"basis": "b"})  # fmt: skip
    assert verdict([*taken, last], [*links, last]) is None
    assert verdict([*taken, replace(last, payload=None)], [*links, last]) is not None


@given(st.lists(datas, min_size=2, max_size=6), st.data())
def test_a_changed_removed_or_reordered_event_is_named(payloads: list[dict[str, Any]], data: st.DataObject) -> None:
    links = chain(payloads)
    place = data.draw(st.integers(0, len(links) - 1))
    field = data.draw(
        st.sampled_from(["type", "at", "actor", "actor_role", "from_status", "to_status", "payload_digest", "digest"])
    )
    changes: Any = {field: "0" * 64}
    changed = [*links[:place], replace(links[place], **changes), *links[place + 1 :]]
    assert verdict(changed, links) is not None
    removed = [*links[:place], *links[place + 1 :]]
    assert verdict(removed, links) is not None
    other = data.draw(st.integers(0, len(links) - 1).filter(lambda n: n != place))
    turned = list(links)
    turned[place], turned[other] = turned[other], turned[place]
    assert verdict(turned, links) is not None


def test_the_sentence_names_the_first_broken_link() -> None:
    links = chain([{"a": 1}, {"a": 2}, {"a": 3}])
    touched = replace(links[1], payload={**(links[1].payload or {}), "data": {"a": 9}})
    found = verdict([links[0], touched, links[2]], links)
    assert (found.seq, found.what) == (2, "the contents of event 2 were changed")
    assert "tail was cut" in verdict(links[:2], links).what
    assert "event 2 is missing" in verdict([links[0], links[2]], links).what


def test_equal_contents_have_unequal_digests() -> None:
    first, second = chain([{"phone": "13900000000"}])[0], chain([{"phone": "13900000000"}])[0]
    assert first.payload_digest != second.payload_digest


heads = st.lists(st.binary(min_size=32, max_size=32).map(bytes.hex), max_size=9, unique=True)


@given(heads)
def test_any_changed_missing_or_added_head_changes_the_root(leaves: list[str]) -> None:
    root = merkle_root(leaves)
    assert merkle_root([*leaves, "ab" * 32]) != root
    if leaves:
        assert merkle_root(leaves[:-1]) != root
        assert merkle_root(["cd" * 32, *leaves[1:]]) != root
    if len(leaves) > 1:
        assert merkle_root([*leaves[1:], leaves[0]]) != root


@pytest.mark.parametrize("count", range(6))
def test_a_root_has_64_hexadecimal_digits(count: int) -> None:
    assert len(bytes.fromhex(merkle_root(["00" * 32] * count))) == 32
