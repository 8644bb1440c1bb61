"""Mutants: a compliant definition broken in one place, and whether the controls notice."""
