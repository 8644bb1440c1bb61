"""The smallest Deny that closes a violation."""
