"""Mutants of the policies of ``iam/`` and ``policies/``, and what of the tests notices them."""
