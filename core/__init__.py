"""The kernel of Lingban. Knows no citizen's or staff page."""

__version__ = "0.1.0"
