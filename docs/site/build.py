#!/usr/bin/env python3
"""Builds the site of docs/ with mkdocs: build.py FOLDER [--source FOLDER].

mkdocs wants all its pages in one folder, and warns of links that lead out of it. So they are laid together in a folder of
its own, and the files of the repository that they point to (a mapping, an example) are laid beside them under files/.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LINK = re.compile(r"(\]\()([^)#\s]+)((?:#[^)\s]*)?\))")
NOT_PAGES = {"man", "site"}


def outside(link):
    return re.match(r"[a-z]+:", link)


def with_files(text, page, source, staged):
    """The page's text with links that lead out of docs/ turned to copies of what they point to."""

    def turned(found):
        link = found[2]
        target = (page.parent / link).resolve()
        if outside(link) or target.is_relative_to(source.resolve()) or not target.exists():
            return found[0]
        copy = Path("files") / target.relative_to(source.resolve().parent)
        (staged / copy).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(target, staged / copy)
        return found[1] + os.path.relpath(copy, page.parent.relative_to(source)) + found[3]

    return LINK.sub(turned, text)


def lay_together(source, staged):
    for page in source.rglob("*"):
        inside = page.relative_to(source)
        if page.is_dir() or inside.parts[0] in NOT_PAGES:
            continue
        (staged / inside).parent.mkdir(parents=True, exist_ok=True)
        if page.suffix == ".md":
            (staged / inside).write_text(with_files(page.read_text(), page, source, staged))
        else:
            shutil.copy(page, staged / inside)


def tell_languages(site):
    """The theme has one language for all; a reader's browser, or one who listens to it, wants to know each page's."""
    for page in site.rglob("*.sv.html"):
        page.write_text(re.sub(r'(<html[^>]*) lang="en"', r'\1 lang="sv"', page.read_text(), count=1))


def find_jquery(site):
    """Debian's copy of the theme asks for jQuery under another name than it is there."""
    there = sorted((site / "js").glob("jquery-*.min.js"))
    for wanted in re.findall(r'src="(js/jquery-[^"]+)"', (site / "index.html").read_text()):
        if there and not (site / wanted).exists():
            shutil.copy(there[0], site / wanted)


def settings_for(source):
    """mkdocs.yml, with a line for each page of a folder where it says folder/*."""

    def pages(found):
        files = sorted((source / found[2]).glob("*.md"))
        return "".join(f"{found[1]}- {found[2]}/{file.name}\n" for file in files)

    text = (ROOT / "docs/site/mkdocs.yml").read_text()
    return re.sub(r"^( +)- (\w+)/\*.*\n", pages, text, flags=re.M)


def build(site, source):
    with tempfile.TemporaryDirectory() as work:
        staged = Path(work) / "pages"
        lay_together(source, staged)
        config = Path(work) / "mkdocs.yml"
        config.write_text(f"{settings_for(source)}\ndocs_dir: {staged}\nsite_dir: {site.resolve()}\n")
        shutil.copytree(ROOT / "docs/site/theme", Path(work) / "theme")
        done = subprocess.run(["mkdocs", "build", "--strict", "--clean", "-f", config], text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    for line in done.stdout.splitlines():
        if not line.startswith("INFO"):
            print(line)
    if done.returncode == 0:
        find_jquery(site)
        tell_languages(site)
    return done.returncode


def main():
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("site", type=Path, help="where the pages go")
    words.add_argument("--source", type=Path, default=ROOT / "docs", help="where they come from")
    given = words.parse_args()
    given.site.mkdir(parents=True, exist_ok=True)
    return build(given.site, given.source)


if __name__ == "__main__":
    sys.exit(main())
