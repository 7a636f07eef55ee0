"""What `./dev check` looks at. A check takes nothing and returns its findings, one line each; none means good."""
