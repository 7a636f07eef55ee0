"""Runs a tool of the environment and takes its lines as findings."""

import os
import subprocess
import sys
from pathlib import Path

from tools.tree import ROOT


def run(*command: str) -> subprocess.CompletedProcess[str]:
    """Run ``command`` at the root; tools are looked for beside this Python first."""
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)))
    surroundings = os.environ | {"PATH": path}
    return subprocess.run(command, cwd=ROOT, env=surroundings, capture_output=True, text=True, check=False)


def findings(*command: str) -> list[str]:
    """Return what ``command`` prints when it fails, and nothing when it is content."""
    done = run(*command)
    if done.returncode == 0:
        return []
    return (done.stdout + done.stderr).strip().splitlines() or [f"{command[0]} ended with {done.returncode}"]
