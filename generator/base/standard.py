"""Figures and forms of GB/T 9704-2012 that several rooms need."""

PAGE_NUMBER_PLACE = "{n}"
PAGE_NUMBER = "— {n} —"
"""The page number between two dashes (7.5)."""
