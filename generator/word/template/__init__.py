"""Word templates: those that are shipped, a dispatch's own, dressed in its house style, compiled."""
