"""Mutants of the policies, and which proofs they turn into violations."""
