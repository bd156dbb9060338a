"""Official Chinese read back: each finding with its place, the rule that made it, and how sure it is."""
