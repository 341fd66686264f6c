"""desk: a person decides over an order: hold, release, retry. Each decision bears a name on the timeline."""
