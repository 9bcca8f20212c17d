"""What an author is told, in English for programs and in Chinese for people: every fault code with its sentences.

Knows the words only; who adds a fault says where, which sentence and what stands in it.
"""

from core.faults.near import meant, near, nearest, which
from core.faults.sentence import Code, Sentence, also, either, say
from core.faults.table import CODES, TABLE, fault, sentence

__all__ = [
    "CODES",
    "TABLE",
    "Code",
    "Sentence",
    "also",
    "either",
    "fault",
    "meant",
    "near",
    "nearest",
    "say",
    "sentence",
    "which",
]
