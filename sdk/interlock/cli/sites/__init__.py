"""Lists of places at which banks stand, as others publish them, read row by row: a bad one is named, the good go in."""
