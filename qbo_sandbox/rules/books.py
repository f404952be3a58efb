"""To come."""
RULES = {}
