"""Pure judgement: schemas, conditions, answers, materials, decision, routing, clock.

Knows no database, no HTTP and no clock; facts, office and today come in as arguments.
"""
