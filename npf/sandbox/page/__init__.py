"""The pieces of the sandboxes' pages: one look, one way to write HTML, to read a form, to show switches and faults."""
