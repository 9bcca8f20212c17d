"""Tables of this room. Personal data lies in sealed fields; what is searched or counted lies beside them.

Knows no rule: what may be written when is said in `actions` and `lifecycle`. A model's docstring becomes the comment of
its table, where Tortoise takes a semicolon for the end of the statement: there is none in them.
"""

from core.cases.models.cases import Case, CaseConfirmer, CaseEvidence, CaseFile, CaseJoint, CaseMaterial, CaseStep
from core.cases.models.drafts import Draft, Resume, ResumeTry
from core.cases.models.duties import CaseDuty
from core.cases.models.erasures import Erasure
from core.cases.models.events import Delivery, Event, Outbox
from core.cases.models.letters import Letter, LetterFault
from core.cases.models.mandates import Mandate
from core.cases.models.proof import AccessBook, AccessLog, AuditRun, DailyRoot
from core.cases.models.receipts import PaidReceipt
from core.cases.models.running import Heartbeat, Turn
from core.cases.models.waits import Correction, Waiting

__all__ = [
    "AccessBook",
    "AccessLog",
    "AuditRun",
    "Case",
    "CaseConfirmer",
    "CaseDuty",
    "CaseEvidence",
    "CaseFile",
    "CaseJoint",
    "CaseMaterial",
    "CaseStep",
    "Correction",
    "DailyRoot",
    "Delivery",
    "Draft",
    "Erasure",
    "Event",
    "Heartbeat",
    "Letter",
    "LetterFault",
    "Mandate",
    "Outbox",
    "PaidReceipt",
    "Resume",
    "ResumeTry",
    "Turn",
    "Waiting",
]
