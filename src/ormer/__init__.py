"""Ormer: policy as code for Amazon SageMaker pipelines."""

__version__ = "0.1.0"
