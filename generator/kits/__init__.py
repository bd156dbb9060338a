"""From a dispatch to the files of every unit: kinds of documents, the plan, and a run that makes and writes it."""
