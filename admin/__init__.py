"""What staff meet: the desk, the plugins with their faults, sources, and the catalog by level.

Registers as a built-in plugin; core knows it by name only.
"""
