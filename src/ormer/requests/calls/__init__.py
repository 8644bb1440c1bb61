"""Requests of steps -> every call that the pipeline makes when it runs."""
