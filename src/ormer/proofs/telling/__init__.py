"""Proofs in the words, lines and documents that people and reports have for them."""
