"""Generated from proto/interlock/edge by `./dev generate`. Not edited by hand."""
