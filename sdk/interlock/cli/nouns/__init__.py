"""One module a noun: the verbs that there are, and how each answer looks to a person."""
