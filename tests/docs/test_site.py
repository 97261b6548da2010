"""The site of guides and reference pages: it builds without a warning, leads nowhere in vain, loads nothing from outside."""

import shutil
import sys

import pytest
import yaml
from html_links import Site
from tools import ROOT, needs, run

SOURCE = ROOT / "docs"


def build(folder, source=SOURCE):
    needs("mkdocs", "mkdocs")
    return run(sys.executable, SOURCE / "site/build.py", folder, "--source", source)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    done = build(folder)
    assert (done.returncode, done.stdout) == (0, "")
    return Site(folder)


def test_every_page_is_in_the_navigation_and_built(built):
    pages = {file.relative_to(SOURCE).with_suffix(".html") for file in SOURCE.rglob("*.md")}
    there = {file.relative_to(built.folder) for file in built.pages}
    assert pages <= there
    listed = set()

    def gather(entries):
        for entry in entries:
            for below in entry.values():
                gather(below) if isinstance(below, list) else listed.add(below)

    text = (SOURCE / "site/mkdocs.yml").read_text().replace("- decisions/*", "- all: decisions/*")
    gather(yaml.safe_load(text)["nav"])
    listed = {str(file.relative_to(SOURCE)) for name in listed for file in SOURCE.glob(name)}
    assert listed == {str(file.relative_to(SOURCE)) for file in SOURCE.rglob("*.md")}


def test_no_link_is_dead(built):
    assert built.dead_links() == []
    assert len(built.pages) > 20


def test_nothing_is_loaded_from_outside(built):
    assert built.loads_from_outside() == []
    for file in built.folder.rglob("*.css"):
        assert "url(http" not in file.read_text(errors="replace").replace('"', "").replace("'", ""), file


def test_each_page_says_its_language(built):
    for file, page in built.pages.items():
        assert page.language == ("sv" if ".sv." in file.name else "en"), file


def test_what_the_pages_point_to_in_the_repository_is_there_to_read(built):
    assert (built.folder / "files/config/mappings/tryton.yaml").read_text() == (ROOT / "config/mappings/tryton.yaml").read_text()


def planted(folder, page, text):
    """Builds a copy of the pages with a fault in one of them."""
    for name in ("config", "systemd", "docs"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "README.md", folder)
    with (folder / "docs" / page).open("a") as file:
        file.write(text)
    done = build(folder / "site", folder / "docs")
    return done, Site(folder / "site")


def test_a_link_to_a_page_that_is_not_there_would_be_found(tmp_path):
    done, _ = planted(tmp_path, "index.md", "\n[gone](guides/gone.md)\n")
    assert done.returncode != 0 and "guides/gone.md" in done.stdout


def test_a_link_to_a_place_that_is_not_there_would_be_found(tmp_path):
    # That one mkdocs lets pass.
    done, site = planted(tmp_path, "metrics.md", "\n[gone](events.md#gone)\n")
    assert done.returncode == 0, done.stdout
    assert site.dead_links() == ["metrics.html: events.html#gone: no such place in it"]


def test_a_link_to_a_file_of_the_repository_that_is_not_there_would_be_found(tmp_path):
    done, site = planted(tmp_path, "metrics.md", "\n[gone](../config/gone.yaml)\n")
    assert "gone.yaml" in done.stdout + " ".join(site.dead_links())
