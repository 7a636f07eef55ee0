"""Generated from proto/interlock/v1 by `./dev generate`. Not edited by hand."""
