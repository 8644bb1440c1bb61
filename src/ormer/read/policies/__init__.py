"""Policies -> the model: a document, what a file attaches to whom, what an account says."""
