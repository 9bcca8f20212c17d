"""Migrations of the sources' tables."""
