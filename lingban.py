"""All that a plugin author may import; everything else is free to change.

from lingban import hookimpl, CONTRACT, Problem, Fault, Found, Empty, Down, Refused, post
"""

from core.contract import CONTRACT, Down, Empty, Fault, Found, Problem, Refused
from core.hookspecs import hookimpl
from core.outside import post

__all__ = ["CONTRACT", "Down", "Empty", "Fault", "Found", "Problem", "Refused", "hookimpl", "post"]
