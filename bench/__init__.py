"""Measurements. Each figure is a ratio to a floor measured in the same run; none is asserted in a test."""
