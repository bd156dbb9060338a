"""Any file as what a person sees: documents, workbooks, and both as reviewable text."""
