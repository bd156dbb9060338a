"""A dispatch drafted from what arrived: the notice read into facts, the facts written as a folder."""
