"""The page's files: small, plain, and from nowhere else."""

import re
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "sandbox" / "page"
FILES = sorted(path for path in PAGE.rglob("*") if path.is_file())
AT_MOST = 215_000  # bytes, uncompressed: no build step makes them smaller, and comments count


def test_the_page_is_small():
    """All files together, as they are."""
    sizes = {path.name: path.stat().st_size for path in FILES}

    assert "index.html" in sizes
    assert sum(sizes.values()) <= AT_MOST, sizes


def test_data_never_becomes_markup():
    """No file hands text to a parser of HTML or of code."""
    doors = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|srcdoc")
    scripts = [path for path in FILES if path.suffix == ".js"]

    assert [path.name for path in scripts if doors.search(path.read_text("utf-8"))] == []


def test_the_browser_is_told_to_load_nothing_from_elsewhere(process, fetched):
    """Every file of the page comes with a policy that allows this host alone."""
    for path in FILES:
        status, headers, _ = fetched(f"{process.facts['url']}/{path.relative_to(PAGE)}")

        assert status == 200, path.name
        assert headers["content-security-policy"].startswith("default-src 'self'; img-src 'self' data:;")
