"""Who and where: areas, units, sites, staff, sign-in, permissions, calendar.

Knows nothing of items, cases or pages.
"""
