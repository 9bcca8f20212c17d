"""Patterns both ways: what may explode is refused or bounded, what authors need is accepted and judges rightly.

Judged in a process whose CPU time the system limits: a pattern that explodes after all ends the process, not the run.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys

import pytest

from core.judge.schema import compile, faults

CPU_S = 30
"""For all attacks together; one pattern that explodes takes longer than a life."""

DANGEROUS = [
    r"^(?=a)(a+)+$",
    r"(?=x)^(a|aa)+$",
    r"^(?!b)(a|a?)+$",
    r"^(?=.)(.*)*x$",
    r"^(?!x)([a-z]+)*\d$",
    r"(a+)+\1$",
    r"^(a+)+(?=b)",
    r"^((?=a)a+)+$",
    r"^((?!b)a*)*$",
    r"^(?:(?=\d)\d+)+-$",
    r"^(\w+\s?)*(?<!x)$",
    r"^(?!0)(\d+|\d+\d)*x$",
    r"(x+x+)+(?=y)",
    r"^((a)\2?)+$",
    r"^([\s\S]*)*(?!z)q$",
    r"^((?:a|(?=a)a)+)+$",
    r"^(?:中|(?=中)中)+$",
    r"^((?=\S)\S+\s*)+!!$",
    r"^(.+)+\1x$",
    r"^(?:(?!--)[a-z-]+)+\.$",
    r"^((?=q)q+)+$",
    r"^((?=ab)(?:ab)+)+$",
    r"^((?=[☀-☄])[☀-☄]+)+$",
    r"^(a+)+$",
    r"^(([a-z])+.)+[A-Z]([a-z])+$",
]
HARMLESS = [
    (r"^(?!.*--)[a-z]+(-[a-z]+)*$", "ab-cd", "ab--cd"),
    (r"^(?=.*\d)(?=.*[a-z]).{8,}$", "abcdefg1", "abcdefgh"),
    (r"^(?!0)\d{1,6}$", "123", "0123"),
    (r"^(?!\s)[\s\S]*(?<!\s)$", "a b", " ab"),
    (r"^(\d)(?!\1{5})\d{5}$", "123456", "111111"),
    (r"^(?!.*\.\.)[\w.]+$", "a.b", "a..b"),
    (r"^(?!(?:000|666))\d{3}-\d{2}$", "123-45", "000-45"),
    (r"^(?:(?!关键词).)*$", "一二三", "有关键词的"),
    (r"^([\"'])[^\"']*\1$", "'a'", "'a\""),
    (r"^(?=.{1,64}$)[a-z0-9]+(?:\.[a-z0-9]+)*$", "a.b", "a."),
    (r"^(?!-)[A-Za-z0-9-]{1,63}(?<!-)$", "a-b", "-ab"),
    (r"^(?!.*(.)\1\1)\w{6,}$", "aabbcc", "aaabbb"),
    (r"^(?<y>\d{4})-(?!00)\d{2}$", "2026-01", "2026-00"),
    (r"^((?!00)\d{2}:)*\d{2}$", "11:22", "00:22"),
    (r"^(?!1{11})1[3-9]\d{9}$", "13912345678", "12912345678"),
    (r"^[京沪苏](?!I|O)[A-Z][A-HJ-NP-Z0-9]{5}$", "苏EA1234", "苏IA1234"),
    (r"^(?=\S)(?!.*\s$).+$", "a b", "a "),
    (r"^(a+)+b$", "aab", "aac"),
    (r"^\p{Script=Han}{2,20}$", "张三", "zhang"),
    (r"^[0-9]+(\.[0-9]{1,2})?$", "1.25", "1.255"),
]

ATTACK = """
import json, sys
from core.judge.schema import compile
for pattern in json.load(sys.stdin):
    schema = compile({"pattern": pattern})
    for unit in ("a", "0", "x", "-", "中", "a ", "q", "ab", "☃", "9.", "aA"):
        for tail in ("!", "", "b\\n"):
            schema.errors(unit * 2000 + tail)
print("done")
"""


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))


def test_a_dangerous_pattern_is_refused_or_bounded() -> None:
    accepted = [one for one in DANGEROUS if not faults({"pattern": one})]
    run = [sys.executable, "-c", ATTACK]
    told = subprocess.run(run, input=json.dumps(accepted), capture_output=True, text=True, preexec_fn=_limit)
    assert told.stdout == "done\n", (told.returncode, told.stderr)


@pytest.mark.parametrize("pattern", [r"^((?=a)a+)+$", r"^((?=q)q+)+$", r"^((?=ab)(?:ab)+)+$", r"^(?:中|(?=中)中)+$"])
def test_one_that_explodes_on_its_own_letters_is_a_fault(pattern: str) -> None:
    assert [f.code for f in faults({"pattern": pattern})] == ["pattern-explodes"]


def test_what_no_probe_finds_is_bounded_when_it_is_judged_and_told_as_any_misfit() -> None:
    schema = compile({"pattern": r"^((?=[☀-☄])[☀-☄]+)+$"})
    assert [e.keyword for e in schema.errors("☃" * 500 + "!")] == ["pattern"]
    assert schema.is_valid("☃☃")


@pytest.mark.parametrize(("pattern", "good", "bad"), HARMLESS)
def test_a_harmless_pattern_is_accepted_and_judges_rightly(pattern: str, good: str, bad: str) -> None:
    assert faults({"pattern": pattern}) == []
    assert compile({"pattern": pattern}).is_valid(good)
    assert not compile({"pattern": pattern}).is_valid(bad)
