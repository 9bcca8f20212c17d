"""Shared HTTP: app assembly, session, errors, rendering, JSON API and OpenAPI. Knows no citizen's or staff page."""
