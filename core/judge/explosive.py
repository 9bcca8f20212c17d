"""Whether a pattern explodes: whether some text makes a matcher that tries one way after the other try without end.

Two ways through one loop over the same text double with every round (exponential); loops in a row over the same text
multiply (a polynomial, harmless as long as they are few). Found in the automaton of the pattern, by what is called
EDA and IDA in Weber and Seidl, "On the degree of ambiguity of finite automata" (1991). Runs no pattern.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from core.judge.regex import WORD, Again, Chain, Edge, Either, Letters, Look, Node, TooInvolved, parse, width

MOST_IN_A_ROW = 5
"""Loops in a row over the same text: with 200 characters, five are already some 10^9 steps."""
MANY = 10
"""So many times at the most counts as without end."""
_STATES = 12_000
_STEPS = 400_000

Edges = dict[int, list[tuple[int, int]]]
"""Place → (next place, the letters that lead there, as bits)."""


@lru_cache(maxsize=2_000)
def explodes(text: str) -> bool:
    """True where it does; False too where the pattern has more in it than is looked into."""
    try:
        todo = [parse(text)]
        while todo:
            automaton = _Automaton()
            automaton.build(todo.pop())
            if _ambiguous(automaton):
                return True
            todo += automaton.looks
    except (TooInvolved, RecursionError):
        pass
    return False


@dataclass(slots=True)
class _Automaton:
    """States; from each either empty steps, with what they ask of the letters around, or one step that takes one."""

    empty: list[list[tuple[int, Node | None]]] = field(default_factory=list)
    takes: dict[int, tuple[Letters, int]] = field(default_factory=dict)
    looks: list[Node] = field(default_factory=list)
    """What stands in look-arounds: patterns of their own."""
    end: int = 0

    def state(self) -> int:
        if len(self.empty) > _STATES:
            raise TooInvolved
        self.empty.append([])
        return len(self.empty) - 1

    def build(self, node: Node) -> None:
        self.end = self.add(node, self.state())

    def link(self, start: int, end: int, asked: Node | None = None) -> None:
        self.empty[start].append((end, asked))

    def add(self, node: Node, start: int) -> int:
        """The states of a node, beginning at one; where they end."""
        if isinstance(node, Letters):
            here, end = self.state(), self.state()
            self.link(start, here)
            self.takes[here] = (node, end)
            return end
        if isinstance(node, Chain):
            for part in node.parts:
                start = self.add(part, start)
            return start
        if isinstance(node, Either):
            end = self.state()
            for part in node.parts:
                self.link(self.add(part, self._from(start)), end)
            return end
        if isinstance(node, Again):
            return self._again(node, start)
        if isinstance(node, Look):
            self.looks.append(node.part)
        end = self.state()
        self.link(start, end, node)
        return end

    def _from(self, start: int) -> int:
        made = self.state()
        self.link(start, made)
        return made

    def _again(self, node: Again, start: int) -> int:
        open_ended = node.most is None or (node.most >= MANY and (node.most > node.fewest or width(node.part) is None))
        for _ in range(node.fewest - 1 if open_ended and node.fewest else node.fewest):
            start = self.add(node.part, start)
        if open_ended:
            head, end = self._from(start), self.state()
            self.link(self.add(node.part, head), again := self.state())
            self.link(again, head)
            self.link(again, end)
            if not node.fewest:
                self.link(start, end)
            return end
        end = self.state()
        for _ in range((node.most or 0) - node.fewest):
            self.link(start, end)
            start = self.add(node.part, self._from(start))
        self.link(start, end)
        return end


class _Alphabet:
    """The letters that a pattern tells apart, each a bit."""

    def __init__(self, sets: Iterable[Letters]) -> None:
        cuts = {0}
        for one in sets:
            cuts.update(cut for low, high in one.spans for cut in (low, high + 1))
        self.cuts = sorted(cuts)
        self.all = (1 << len(self.cuts)) - 1
        self._bits: dict[Letters, int] = {}

    def bits(self, letters: Letters) -> int:
        known = self._bits.get(letters)
        if known is None:
            known = 0
            for low, high in letters.spans:
                first, last = bisect_right(self.cuts, low) - 1, bisect_right(self.cuts, high) - 1
                known |= (1 << (last + 1)) - (1 << first)
            self._bits[letters] = known
        return known


@dataclass(slots=True)
class _Budget:
    left: int = _STEPS

    def spend(self, steps: int = 1) -> None:
        self.left -= steps
        if self.left < 0:
            raise TooInvolved


def _ambiguous(automaton: _Automaton) -> bool:
    budget = _Budget()
    word = Letters(WORD)
    alphabet = _Alphabet([word, *(letters for letters, _ in automaton.takes.values()), *_next_letters(automaton)])
    steps: Edges = {}
    for place, (letters, after) in automaton.takes.items():
        found = _after(automaton, alphabet, after, alphabet.bits(letters), alphabet.bits(word), budget)
        if found is not None:  # otherwise the match has succeeded, and nothing is tried again
            steps[place] = found
    steps = {place: [one for one in found if one[0] in steps] for place, found in steps.items()}
    loops = [loop for loop in _loops(steps) if loop]
    return any(_doubles(steps, loop, budget) for loop in loops) or _in_a_row(steps, loops, budget) > MOST_IN_A_ROW


def _next_letters(automaton: _Automaton) -> Iterator[Letters]:
    for links in automaton.empty:
        for _, asked in links:
            if isinstance(asked, Look) and isinstance(asked.part, Letters):
                yield asked.part


def _after(
    automaton: _Automaton, alphabet: _Alphabet, start: int, before: int, word: int, budget: _Budget
) -> list[tuple[int, int]] | None:
    """All ways from one letter to the next; None where the match may end here whatever follows."""
    found: list[tuple[int, int]] = []
    visits: dict[tuple[int, int], int] = defaultdict(int)
    stack: list[tuple[int, int, bool, bool]] = [(start, alphabet.all, False, False)]
    on_path: set[int] = set()
    while stack:
        state, allowed, asked_any, leaving = stack.pop()
        if leaving:
            on_path.discard(state)
            continue
        # A round of a loop that takes nothing is no second way; more than two ways are as good as two.
        if state in on_path or visits[state, allowed] >= 2 or not allowed:
            continue
        budget.spend()
        visits[state, allowed] += 1
        if state == automaton.end and not asked_any:
            return None
        taken = automaton.takes.get(state)
        if taken is not None:
            if bits := allowed & alphabet.bits(taken[0]):
                found.append((state, bits))
            continue
        on_path.add(state)
        stack.append((state, allowed, asked_any, True))
        for to, asked in automaton.empty[state]:
            left = allowed if asked is None else allowed & _asked(asked, alphabet, before, word)
            stack.append((to, left, asked_any or asked is not None, False))
    return found


def _asked(asked: Node, alphabet: _Alphabet, before: int, word: int) -> int:
    """The letters that may come next where this is asked, as far as that is plain to see."""
    if isinstance(asked, Edge):
        if asked.kind in "^$":
            return 0
        if before & word and before & ~word:
            return alphabet.all
        inside = not before & ~word
        return alphabet.all & (~word if inside == (asked.kind == "b") else word)
    if isinstance(asked, Look) and asked.ahead and isinstance(asked.part, Letters):
        bits = alphabet.bits(asked.part)
        return alphabet.all & ~bits if asked.negative else bits
    return alphabet.all


def _loops(steps: Edges) -> list[set[int]]:
    """The strongly connected parts, each a loop or a knot of loops, in the order in which a text passes them; a place
    that no loop leads back to is an empty one."""
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    stack: list[int] = []
    done: list[set[int]] = []
    for root in steps:
        if root in index:
            continue
        work: list[tuple[int, int]] = [(root, 0)]
        while work:
            place, n = work.pop()
            if n == 0:
                index[place] = low[place] = len(index)
                stack.append(place)
            followers = steps[place]
            while n < len(followers):
                to = followers[n][0]
                n += 1
                if to not in index:
                    work += [(place, n), (to, 0)]
                    break
                if low[to] >= 0:
                    low[place] = min(low[place], low[to])
            else:
                if low[place] == index[place]:
                    part: set[int] = set()
                    while place not in part:
                        part.add(stack.pop())
                    for one in part:
                        low[one] = -1
                    done.append(part if len(part) > 1 or any(to == place for to, _ in steps[place]) else set())
                elif work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[place])
    return done[::-1]


def _doubles(steps: Edges, loop: set[int], budget: _Budget) -> bool:
    """Whether two different ways lead through a loop over the same text, back to one place."""
    inside = {place: [one for one in steps[place] if one[0] in loop] for place in loop}
    seen: set[tuple[int, int]] = set()
    todo: list[tuple[int, int]] = []
    for place in loop:
        ways = inside[place]
        for i, (to, bits) in enumerate(ways):
            for other, others in ways[i + 1 :]:
                budget.spend()
                if bits & others:
                    if to == other:
                        return True
                    todo.append((min(to, other), max(to, other)))
    while todo:
        pair = todo.pop()
        if pair in seen:
            continue
        seen.add(pair)
        for to, bits in inside[pair[0]]:
            for other, others in inside[pair[1]]:
                budget.spend()
                if bits & others:
                    if to == other:
                        return True
                    todo.append((min(to, other), max(to, other)))
    return False


def _in_a_row(steps: Edges, loops: list[set[int]], budget: _Budget) -> int:
    """How often, in a row of loops, two share a text: a choice of where the one ends and the other begins;
    counted from the end, no further than it matters."""
    chain = [0] * len(loops)
    for i in reversed(range(len(loops))):
        reached = _reached(steps, loops[i], budget)
        later = [j for j in range(i + 1, len(loops)) if loops[j] & reached]
        for j in sorted(later, key=lambda j: -chain[j]):
            if chain[j] + 1 <= chain[i]:
                break
            if _shared(steps, (loops[i], loops[j]), reached, budget):
                chain[i] = chain[j] + 1
        # A loop that shares nothing with a later one may still stand before others that do.
        chain[i] = max([chain[i], *(chain[j] for j in later)])
        if chain[i] > MOST_IN_A_ROW:
            return chain[i]
    return max(chain, default=0)


def _reached(steps: Edges, loop: set[int], budget: _Budget) -> set[int]:
    seen: set[int] = set()
    todo = list(loop)
    while todo:
        place = todo.pop()
        if place not in seen:
            seen.add(place)
            budget.spend()
            todo += [to for to, _ in steps[place]]
    return seen


def _shared(steps: Edges, loops: tuple[set[int], set[int]], between: set[int], budget: _Budget) -> bool:
    """Whether some text leads round in the first loop, round in the second, and from the first into the second."""
    first, second = loops
    start = next(iter(first))
    for goal in second:
        seen: set[tuple[int, int, int]] = set()
        todo = [(start, start, goal)]
        while todo:
            triple = todo.pop()
            if triple in seen:
                continue
            seen.add(triple)
            a, b, c = triple
            for to, bits in steps[a]:
                for middle, more in steps[b] if to in first else ():
                    both = bits & more
                    for last, others in steps[c] if both and middle in between else ():
                        budget.spend()
                        if both & others and last in second:
                            if (to, middle, last) == (start, goal, goal):
                                return True
                            todo.append((to, middle, last))
    return False
