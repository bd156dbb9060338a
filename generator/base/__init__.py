"""What every room stands on: messages, problems, values, files, working days, numerals."""
