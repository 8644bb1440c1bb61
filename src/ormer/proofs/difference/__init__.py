"""Two sets of policies, or one with and without something: what is allowed, to whom, why not."""
