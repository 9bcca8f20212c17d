"""A database of its own for each test of the office, and a small made-up city."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tortoise.context import TortoiseContext
from tortoise.migrations.executor import MigrationExecutor, MigrationTarget

from core import sealing
from tests.cases.town import empty_postgresql, postgresql_listens

SHEETS = {
    "areas": """code,name,level,parent
320583000000,虚山市,city,
320583103000,试浦镇,town,320583000000
320583103205,试新村,village,320583103000
320583104000,样湖镇,town,320583000000
""",
    "units": """id,name,telephone
civil-affairs,民政局,0512-00000001
approval-bureau,行政审批局,0512-00000002
""",
    "offices": """unit,area
civil-affairs,320583000000
civil-affairs,320583103000
approval-bureau,320583000000
""",
    "sites": """id,name,kind,level,area
hall-city,市政务大厅,hall,city,320583000000
hall-shipu,试浦镇便民服务中心,hall,town,320583103000
hall-yanghu,样湖镇便民服务中心,hall,town,320583104000
station-shixin,试新市民驿站,station,village,320583103205
""",
    "themes": "id,name\nelders,养老\nwelfare,公益\n",
    "staff": """login,name,role,unit,site
worker,李工,station_worker,,station-shixin
clerk,王窗,clerk,approval-bureau,hall-shipu
operator,赵线,operator,approval-bureau,hall-city
reviewer,钱审,reviewer,civil-affairs,hall-shipu
reviewer-yanghu,孙审,reviewer,civil-affairs,hall-yanghu
supervisor,周督,supervisor,civil-affairs,
admin,吴管,administrator,,
auditor,郑计,auditor,,
publisher,冯发,publisher,,
""",
    "demo": """login,name,role,id_number,credit_code
elder,陈试甲,citizen,320583194005129913,
firm-food,谢样未,citizen,320583197202029915,91320583MAXX000153
""",
}

OFFICE_ROOM = {"models": ["core.office.models"], "migrations": "core.office.migrations"}


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    folder = tmp_path / "seeds"
    folder.mkdir()
    for name, text in SHEETS.items():
        (folder / f"{name}.csv").write_text(text, "utf-8")
    return folder


@pytest.fixture(params=["sqlite", "postgresql"])
async def database(anyio_backend: str, request: pytest.FixtureRequest) -> AsyncIterator[TortoiseContext]:
    """Made by the room's own migrations, so that they are tested with everything else."""
    sealing.use(sealing.Keys(b"0123456789abcdef0123456789abcdef"))
    async with contextlib.AsyncExitStack() as stack:
        url = "sqlite://:memory:"
        if request.param == "postgresql":
            if not postgresql_listens():
                pytest.skip("no PostgreSQL listens on 127.0.0.1:5432")
            url = await stack.enter_async_context(empty_postgresql())
        # Named by its dialect: Tortoise keeps the SQL it has made by the connection's name.
        name = request.param
        apps = {"office": {**OFFICE_ROOM, "default_connection": name}}
        context = await stack.enter_async_context(TortoiseContext())
        await context.init(config={"connections": {name: url}, "apps": apps, "use_tz": True, "timezone": "UTC"})
        executor = MigrationExecutor(context.db(), apps)
        await executor.migrate([MigrationTarget(app_label="office", name="__latest__")])
        yield context
