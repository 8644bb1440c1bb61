"""What is asked of all requests at once: access properties, as data in ``catalogue/``."""
