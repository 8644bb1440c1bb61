"""What is asked: the sets of requests that controls and access properties forbid, and what a
request of an action can be.
"""
