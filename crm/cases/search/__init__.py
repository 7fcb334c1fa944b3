"""Demands found by their words or by a piece of their reference."""
