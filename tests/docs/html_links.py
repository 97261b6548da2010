"""Reads built pages as a browser would: what they link to, what they load, and which anchors they have.

html_links.py FOLDER lists the links that lead outside, which are not followed, and fails where one within is dead.
"""

import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

LOADING = {"script": "src", "img": "src", "iframe": "src", "source": "src", "video": "src", "audio": "src"}
# Of <link>, these are fetched by themselves; canonical and the like are not.
FETCHED_RELS = {"stylesheet", "icon", "preload", "prefetch", "modulepreload", "manifest"}


class Page(HTMLParser):
    def __init__(self, file):
        super().__init__()
        self.file = file
        self.links, self.loads, self.anchors, self.language = [], [], set(), None
        self.feed(file.read_text())

    def handle_starttag(self, tag, attributes):
        have = {name: value or "" for name, value in attributes}
        self.anchors |= {have[name] for name in ("id", "name") if name in have and (name == "id" or tag == "a")}
        if tag == "html":
            self.language = have.get("lang")
        if tag in ("a", "area") and "href" in have:
            self.links.append(have["href"])
        if tag in LOADING and LOADING[tag] in have:
            self.loads.append(have[LOADING[tag]])
        if tag == "link" and FETCHED_RELS & set(have.get("rel", "").split()):
            self.loads.append(have.get("href", ""))


def is_outside(link):
    parts = urlsplit(link)
    return bool(parts.scheme or parts.netloc)


class Site:
    def __init__(self, folder):
        self.folder = folder.resolve()
        self.pages = {file: Page(file) for file in sorted(self.folder.rglob("*.html"))}

    def outside_links(self):
        return sorted({link for page in self.pages.values() for link in page.links if is_outside(link)})

    def loads_from_outside(self):
        return [f"{page.file.relative_to(self.folder)}: {link}" for page in self.pages.values() for link in page.loads
                if is_outside(link)]

    def dead_links(self):
        """Each link within the site whose file or anchor is not there."""
        dead = []
        for page in self.pages.values():
            # The page for what is not found is shown at any address: its links begin at the root of the site.
            if page.file.name == "404.html":
                continue
            for link in page.links + page.loads:
                if not is_outside(link) and (why := self.trouble_with(page, link)):
                    dead.append(f"{page.file.relative_to(self.folder)}: {link}: {why}")
        return dead

    def trouble_with(self, page, link):
        parts = urlsplit(link)
        target = page.file
        if parts.path:
            target = (page.file.parent / unquote(parts.path)).resolve()
            if target.is_dir():
                target /= "index.html"
        if not target.is_relative_to(self.folder) or not target.is_file():
            return "no such file"
        anchor = unquote(parts.fragment)
        if anchor and target.suffix == ".html" and anchor not in self.pages[target].anchors:
            return "no such place in it"
        return None


def main():
    site = Site(Path(sys.argv[1]))
    wrong = site.dead_links() + [f"{one}: loaded from outside" for one in site.loads_from_outside()]
    print(f"{len(site.pages)} pages. Outside, and not looked at: {', '.join(site.outside_links())}")
    print("\n".join(wrong) or "No link is dead.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
