"""The rules of inspection, one module for each file of a plugin; `core.catalog.inspect` calls them in order."""
