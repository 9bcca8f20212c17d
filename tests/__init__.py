"""Tests mirror the source; a package, so that `tests/admin` and `admin` are two names."""
