"""Workbooks: built once for each shape, compiled, and read (the only user of openpyxl)."""
