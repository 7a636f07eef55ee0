"""What `./dev` calls to generate code and to check the tree. Not installed with any member."""
