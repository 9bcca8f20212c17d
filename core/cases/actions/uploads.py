"""Uploading: files into a draft.

Knows no page; the bytes are put away first, then the draft names them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from core.cases import files
from core.cases.actions.drafts import keep_draft
from core.cases.draft_view import DraftView
from core.cases.nouns import FileRef
from core.contract import Item

if TYPE_CHECKING:
    from core.kernel import Kernel


async def add_file(kernel: Kernel, draft: DraftView, material: str, name: str, data: bytes) -> DraftView:
    """One more file for a material; or, under the pointer of a held value, what shows that it is wrong, which calls it
    so. The same file again changes nothing.

    Raises Unprocessable (wrong material or type, empty), TooLarge, Conflict (the draft moved on).
    """
    held = len(draft.files) + (draft.of.files if draft.of is not None else 0)
    media_type = files.check(draft.item, material, name, data, held=held, wrong=draft.filling.values)
    if files.is_proof(material) and material not in draft.disputed:
        draft = replace(draft, disputed=(*draft.disputed, material))
    digest = await files.store(kernel, data)
    if any(one.material == material and one.digest == digest for one in draft.files):
        return draft
    ref = FileRef(material, files.clean(name), digest, len(data), media_type)
    return await keep_draft(replace(draft, files=(*draft.files, ref)))


async def remove_file(kernel: Kernel, draft: DraftView, material: str, digest: str) -> DraftView:
    """Take a file out again; the bytes go with the sweep, when nothing names them any more."""
    left = tuple(one for one in draft.files if (one.material, one.digest) != (material, digest))
    return draft if len(left) == len(draft.files) else await keep_draft(replace(draft, files=left))


async def store_files(
    kernel: Kernel, item: Item, given: Mapping[str, Sequence[tuple[str, bytes]]], *, wrong: Collection[str] = ()
) -> tuple[FileRef, ...]:
    """All files of one request of the API, checked before the first is put away. `wrong`: as for `files.check`."""
    flat = [(material, name, data) for material, entries in given.items() for name, data in entries]
    types = [files.check(item, *one, held=place, wrong=wrong) for place, one in enumerate(flat)]
    return tuple(
        [
            FileRef(material, files.clean(name), await files.store(kernel, data), len(data), media_type)
            for (material, name, data), media_type in zip(flat, types, strict=True)
        ]
    )


async def keep_scan(kernel: Kernel, name: str, data: bytes) -> FileRef:
    """A scanned sheet that belongs to no application yet: a signed mandate. Raises Unprocessable at /files, TooLarge.

    What is not named by a mandate afterwards goes with the sweep.
    """
    media_type = files.media_type_of(name, data, "/files")
    return FileRef("mandate", files.clean(name), await files.store(kernel, data), len(data), media_type)
