"""How fast, and how safe: ``make bench`` and ``make chaos``."""
