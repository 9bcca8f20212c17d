"""What happened: drafts, cases, evidence, the lifecycle, letters, files, the audit chain and the outbox.

Knows no page and no protocol; `actions` holds every write, `access` every guarded read.
"""
