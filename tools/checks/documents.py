"""Checks on `docs/` and on every other page: decisions, clauses and links."""

import re
from collections import Counter
from pathlib import Path

from tools.tree import ROOT, tracked, written

DECISIONS = ROOT / "docs" / "decisions"
HEADINGS = ("What drives it", "Options", "Outcome", "What it costs")
"""What every decision page says, in this order; further headings may stand between."""
CLAUSE = re.compile(r"^\*\*([A-Z]{3}-\d+)\*\*", re.MULTILINE)
"""Where a clause of `docs/protocol/` begins."""
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ +(.+?) *$", re.MULTILINE)
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def decisions() -> list[str]:
    """Each page says what drove the decision, what the options were, what came out and what it costs."""
    found = []
    pages = sorted(DECISIONS.glob("*.md"))
    for page in pages:
        name = page.relative_to(ROOT)
        if not re.fullmatch(r"\d{4}-[a-z0-9-]+\.md", page.name):
            found.append(f"{name}: not NNNN-title.md")
        titles = [title for title in HEADING.findall(page.read_text()) if title in HEADINGS]
        if titles != list(HEADINGS):
            found.append(f"{name}: needs the headings {', '.join(HEADINGS)}, in this order; has {', '.join(titles)}")
    twice = [number for number, count in Counter(page.name[:4] for page in pages).items() if count > 1]
    return found + [f"docs/decisions: number {number} is given twice" for number in twice]


def clauses() -> list[str]:
    """No clause has two sentences, and no code cites one that does not exist."""
    found: list[str] = []
    known: dict[str, Path] = {}
    for page in sorted((ROOT / "docs" / "protocol").glob("*.md")):
        for clause in CLAUSE.findall(page.read_text()):
            if clause in known:
                found.append(f"{page.relative_to(ROOT)}: {clause} stands in {known[clause].name} already")
            known[clause] = page
    areas = sorted({clause.partition("-")[0] for clause in known})
    cited = re.compile(rf"\b(?:{'|'.join(areas)})-\d+\b")
    for file in written("*.py", "*.proto", "*.md", "*.sql"):
        for number, line in enumerate(file.read_text().splitlines(), 1):
            unknown = sorted(set(cited.findall(line)) - set(known))
            found += [f"{file.relative_to(ROOT)}:{number}: there is no clause {clause}" for clause in unknown]
    return found


def links() -> list[str]:
    """Links inside the repository lead somewhere."""
    found = []
    for page in tracked("*.md"):
        for target in LINK.findall(FENCED.sub("", page.read_text())):
            if ":" in target:
                continue  # to the world outside, which no check of ours can reach
            path, _, anchor = target.partition("#")
            file = (page.parent / path).resolve() if path else page
            if not file.exists():
                found.append(f"{page.relative_to(ROOT)}: {target} leads nowhere")
            elif anchor and anchor not in _anchors(file):
                found.append(f"{page.relative_to(ROOT)}: {target}: no such heading")
    return found


def _anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as the forges make them: lower case, hyphens, no punctuation."""
    titles = HEADING.findall(FENCED.sub("", page.read_text()))
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}
