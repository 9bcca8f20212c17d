"""The form engine: a JSON Schema becomes a plan, the plan HTML, and what a browser posts comes back as answers.

Knows no item, case, database or web framework; judging the answers is `core.judge.answers`.
"""
