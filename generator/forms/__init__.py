"""A form: its grid of cells, how its rows stand on pages, and its workbook."""
