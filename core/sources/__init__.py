"""Asking outside data: plan, ask in parallel, budget, breaker, outcomes.

Knows no case, no page and no plugin folder; sources and items come in as nouns.
"""
