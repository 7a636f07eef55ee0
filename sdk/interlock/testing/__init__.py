"""Generated from proto/interlock/testing by `./dev generate`. Not edited by hand."""
