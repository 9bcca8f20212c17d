"""The catalog tables, one change after the other."""
