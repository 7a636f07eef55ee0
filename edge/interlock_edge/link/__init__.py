"""The link: one stream that the bank dials, on which facts go up and the manifest and commands come down."""
