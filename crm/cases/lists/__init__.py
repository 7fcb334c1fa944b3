"""Demands in lists: narrowed, sorted, counted, taken away."""
