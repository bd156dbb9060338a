"""Word documents: templates compiled, pages composed, and files read (the only user of docxtpl and python-docx)."""
