"""fawen: one dispatch folder in, the whole kit for every subordinate unit out."""

__version__ = "0.1.0"
