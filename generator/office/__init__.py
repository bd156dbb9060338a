"""Office files opened safely, taken apart, stamped, converted, and proven sound."""
