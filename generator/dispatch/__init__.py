"""The dispatch folder: its words as typed models, its roster, its files, and its mistakes with their places."""
