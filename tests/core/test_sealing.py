"""Sealed values open only where they belong and unaltered; codes and indexes are stable and separate."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import sealing
from core.errors import UsageError
from core.sealing import Keys, SealBroken
from core.settings import read

KEYS = Keys(b"a secret of sixteen bytes")


@given(st.binary(max_size=200))
def test_what_was_sealed_opens_unchanged(plain: bytes) -> None:
    sealed = KEYS.seal(plain, "case.answers")
    assert KEYS.open(sealed, "case.answers") == plain
    assert KEYS.seal(plain, "case.answers") != sealed


def test_a_changed_byte_or_another_column_does_not_open() -> None:
    sealed = KEYS.seal(b"{}", "case.answers")
    for place in range(5, len(sealed)):
        altered = bytes([*sealed[:place], sealed[place] ^ 1, *sealed[place + 1 :]])
        with pytest.raises(SealBroken):
            KEYS.open(altered, "case.answers")
    with pytest.raises(SealBroken):
        KEYS.open(sealed, "draft.answers")


def test_an_index_is_the_same_for_a_number_however_its_x_is_written() -> None:
    assert KEYS.index("11010519491231002x") == KEYS.index(" 11010519491231002X ")
    assert KEYS.index("1", "number") != KEYS.index("1", "token")
    assert Keys(b"another secret of sixteen").index("1") != KEYS.index("1")


def test_a_code_can_be_read_out_and_derived_again() -> None:
    code = KEYS.code("tracking", "case 1")
    assert code == KEYS.code("tracking", "case 1") != KEYS.code("tracking", "case 2")
    assert len(code) == 10
    assert not set(code) & set("ILOU")


def test_the_key_file_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    config = read(data=tmp_path, environ={})
    first = sealing.keys_for(config)
    assert sealing.keys_for(config).id == first.id
    assert (tmp_path / "secret.key").stat().st_mode & 0o077 == 0


def test_a_secret_that_is_too_short_is_refused_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="LINGBAN_SECRET_KEY"):
        sealing.keys_for(read(data=tmp_path, environ={"LINGBAN_SECRET_KEY": "short"}))
