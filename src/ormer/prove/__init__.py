"""All requests at once: is there one that policies allow and a control forbids?

A set of requests is a formula over atoms ("this key is there", "its value matches this
pattern"); a SAT solver looks for a request in it, and what it finds has to be a request that can
exist: for each text that its atoms speak of, one is searched by automata, or the atoms that
cannot hold together become a clause. Shares the model with ``evaluate`` and nothing else, so
that each can be tested against the other.
"""
