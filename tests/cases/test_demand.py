"""哪些数据源接通后能少交最多材料: the report against an independent count of the same made-up year."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from itertools import product

import pytest

from core.cases.demand import demand
from core.cases.models import Case, CaseMaterial
from core.contract import Actor
from core.errors import NotAllowed
from core.kernel import Kernel
from tests.cases import fallbacks
from tests.cases.town import REVIEWER

pytestmark = pytest.mark.anyio
ADMIN = Actor(id="admin", role="administrator", name="管")


async def filed(kernel: Kernel, n: int, *, item: str, days: int, materials: dict[str, str]) -> None:
    at = kernel.now() - timedelta(days=days)
    case = await Case.create(
        no=f"D{n:09}", filing_key=str(n), tracking_hash="", item=item, version="v", title="t", handling="promised",
        channel="web", status="in_step", head="", events_count=0, actor="a", actor_role="citizen", applicant_key="k",
        filed_at=at, updated_at=at,
    )  # fmt: skip
    for place, (material, status) in enumerate(materials.items()):
        await CaseMaterial.create(
            case_id=case.id, position=place, material=material, title=material, status=status, required=True,
            open=False, by=[],
        )  # fmt: skip


async def test_the_report_is_what_one_counts_by_hand(kernel: Kernel) -> None:
    items = {
        one.id: one
        for one in (fallbacks.asking("first", "paper"), fallbacks.asking("second", "paper", "other", confirm=True))
    }
    kernel.catalog.items = items  # type: ignore[misc]  # the town's catalog is a plain holder
    wanted: Counter[str] = Counter()
    for n, (item, days, status) in enumerate(product(items, (1, 364, 366), ("given", "upload", "proved"))):
        materials = {one.id: status for one in items[item].materials}
        await filed(kernel, n, item=item, days=days, materials=materials)
        if days < 365 and status != "proved":
            wanted.update(title for one in items[item].materials if (title := one.title) != "signature")
    found = {one.title: one for one in await demand(kernel, ADMIN)}
    assert {title: one.filings for title, one in found.items()} == dict(wanted)
    assert {title: (one.items, one.frees) for title, one in found.items()} == {
        "paper": (("first", "second"), 1),
        "other": (("second",), 0),
    }
    with pytest.raises(NotAllowed):
        await demand(kernel, REVIEWER)


async def test_what_another_party_confirms_is_no_registers_business(kernel: Kernel) -> None:
    kernel.catalog.items = {"only": fallbacks.asking("only", confirm=True)}  # type: ignore[misc]
    assert await demand(kernel, ADMIN) == []
    kernel.catalog.items = {"both": fallbacks.asking("both", "paper", confirm=True)}  # type: ignore[misc]
    (one,) = await demand(kernel, ADMIN)
    assert (one.title, one.frees) == ("paper", 0), "a signature is still in the way of zero material"
