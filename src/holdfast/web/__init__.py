"""Pages for people: HTML made on the node, whole without scripts, from no other host."""
