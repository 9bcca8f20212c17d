"""What citizens meet: the form engine, usable alone, and their pages.

Knows core; knows nothing of admin.
"""

from forms.engine.form import Form
from forms.engine.reading import Reading
from forms.engine.widgets import Widget

__all__ = ["Form", "Reading", "Widget"]
