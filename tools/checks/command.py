"""Runs a tool from outside and takes its lines as findings."""

import subprocess

from tools.tree import ROOT


def findings(*command: str) -> list[str]:
    """Return what ``command`` prints when it fails, and nothing when it is content."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return []
    return (done.stdout + done.stderr).strip().splitlines() or [f"{command[0]} ended with {done.returncode}"]
