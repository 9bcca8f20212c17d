"""A process that files and moves cases until it is killed: `python -m tests.cases.filing_server FOLDER [URL]`.

Says on standard output what a citizen would have been told, and nothing before it is true.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from core.cases import actions
from core.contract import Down
from core.kernel import Kernel
from tests.cases import town
from tests.cases.town import CITIZEN, ELDER, REVIEWER, Registers, person


async def work(kernel: Kernel, number: int) -> None:
    while True:
        draft = await actions.start_draft(
            kernel, kernel.item("allowance"), actor=CITIZEN, applicant=person(ELDER, "陈试甲"), channel="web"
        )
        draft = await actions.add_file(kernel, draft, "account", f"{number}.pdf", b"%%PDF-1.7 %d" % number)
        saved = await actions.save_draft(kernel, draft, answers={"phone": "13900000000"}, revision=draft.revision)
        say("draft", draft.id)
        receipt = await actions.file_draft(kernel, saved, actor=CITIZEN)
        say("receipt", draft.id, receipt.no, receipt.tracking_code or "")
        if number % 2:
            await actions.decide(
                kernel,
                receipt.no,
                actor=REVIEWER,
                outcome="approve",
                because="材料属实",
                checked=["account"],
                revision=1,
            )
            say("decided", receipt.no)


def say(*words: str) -> None:
    # One write of a whole line: a kill cannot leave half of it.
    sys.stdout.write(" ".join(words) + "\n")
    sys.stdout.flush()


async def main(folder: Path, url: str) -> None:
    registers = Registers()
    registers.held["own-business"][ELDER] = Down("timeout")
    async with town.kernel(folder, registers, url=url) as kernel:
        say("ready")
        await asyncio.gather(*(work(kernel, number) for number in range(6)))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else ""))
