"""In: a report, a call graph or an explanation.
Out: the text of one output format; one module each."""
