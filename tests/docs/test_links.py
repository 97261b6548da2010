"""The link checker finds what it should, on a small site with faults in it. And links of documents outside the site."""

import re

import pytest
from html_links import Site
from tools import ROOT

PAGE = '<html lang="en"><body id="top">{}</body></html>'


def site(folder, **pages):
    for name, body in pages.items():
        (folder / f"{name}.html").write_text(PAGE.format(body))
    return Site(folder)


@pytest.mark.parametrize("body", [
    '<a href="other.html">', '<a href="other.html#here">', '<a href="#top">', '<a href="other.html?q=1#h%65re">',
    '<a href="./">', '<img src="other.html">', '<a name="x"><a href="#x">'])
def test_a_good_link_is_good(tmp_path, body):
    assert site(tmp_path, index=body, other='<p id="here">').dead_links() == []


@pytest.mark.parametrize("body,why", [
    ('<a href="gone.html">', "no such file"), ('<a href="other.html#gone">', "no such place in it"),
    ('<a href="#gone">', "no such place in it"), ('<a href="../outside.html">', "no such file"),
    ('<script src="gone.js"></script>', "no such file"), ('<link rel="stylesheet" href="gone.css">', "no such file"),
    ('<a href="%6Fther.html#gone">', "no such place in it")])
def test_a_dead_link_is_found(tmp_path, body, why):
    dead = site(tmp_path, index=body, other='<p id="here">').dead_links()
    assert len(dead) == 1 and dead[0].endswith(why) and dead[0].startswith("index.html: ")


def test_links_to_the_outside_are_gathered_and_what_is_loaded_from_there_is_found(tmp_path):
    found = site(tmp_path, index='<a href="https://example.org/x"><a href="mailto:a@b"><link rel="canonical" href="https://c/">',
                 bad='<script src="//cdn.example/x.js"></script><link rel="stylesheet" href="https://cdn.example/x.css">')
    assert found.outside_links() == ["https://example.org/x", "mailto:a@b"]
    assert found.loads_from_outside() == ["bad.html: //cdn.example/x.js", "bad.html: https://cdn.example/x.css"]
    assert found.dead_links() == []


def documents():
    """Documents that are not part of the site."""
    return sorted(file for folder in (".", "bench", "config", "packaging", "systemd") for file in (ROOT / folder).glob("*.md"))


@pytest.mark.parametrize("document", documents(), ids=lambda file: file.name)
def test_files_that_other_documents_point_to_are_there(document):
    for link in re.findall(r"\]\(([^)#\s]+)", document.read_text()):
        if not re.match(r"[a-z]+:", link):
            assert (document.parent / link).exists(), link
