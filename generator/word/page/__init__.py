"""The page of GB/T 9704 as arithmetic: lines, the elements that stand on them, and how they are arranged."""
