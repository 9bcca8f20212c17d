"""The office tables, one change after the other."""
