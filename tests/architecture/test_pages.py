# SPDX-License-Identifier: EUPL-1.2
"""Templates and addresses: nothing inline, nothing from elsewhere, French set as it should be."""

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

import usufruit
from usufruit.config import urls as site_map
from usufruit.ui.typography import typography_faults

PACKAGE = Path(usufruit.__file__).parent
TEMPLATES = sorted(
    path for path in PACKAGE.rglob("templates/**/*") if path.suffix in {".html", ".txt"}
)
PAGES = [path for path in TEMPLATES if path.suffix == ".html"]
# The report of an audit is one file that is read without a server: its style travels with it.
ALONE = {"audits/templates/audits/report.html"}
# A letter is read in programs that know no style sheet.
LETTERS = {"notices/templates/notices/letter.html"}
SERVED = sorted(
    path
    for suffix in ("*.css", "*.js", "*.mjs", "*.svg", "*.html")
    for path in PACKAGE.rglob(suffix)
    if "vendor" not in path.parts
)
# The report is written in French whoever reads it; the gallery is read by those who build pages.
UNTRANSLATED = re.compile(r"audits/report|ui/gallery/")
NAMESPACES = re.compile(r"http://www\.w3\.org/(2000/svg|1999/xlink|1999/xhtml|1998/Math/MathML)")
# Said to the reader as an example or a licence, never fetched.
ATTRIBUTION = re.compile(r"https://(www\.openstreetmap\.org/copyright|joinup\.ec\.europa\.eu)\S*")


def short(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


def without_comments(text: str) -> str:
    text = re.sub(r"\{#.*?#\}", "", text)
    text = re.sub(r"\{% comment %\}.*?\{% endcomment %\}", "", text, flags=re.DOTALL)
    return re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)


def test_the_lists_are_not_empty():
    assert len(PAGES) > 40
    assert len(SERVED) > len(PAGES)


INLINE = re.compile(r"\s(style|on[a-z]+)\s*=\s*[\"'{]|javascript:", re.IGNORECASE)


def test_no_style_and_no_script_inside_a_page():
    faults = []
    for path in PAGES:
        text = without_comments(path.read_text(encoding="utf-8"))
        markup = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "X", text, flags=re.DOTALL)
        if short(path) not in LETTERS:
            faults += [f"{short(path)}: {match[0].strip()}" for match in INLINE.finditer(markup)]
        for tag in BeautifulSoup(markup, "html.parser").find_all(["script", "style"]):
            is_data = tag.get("type") in {"application/json", "importmap"}
            if tag.name == "style" and short(path) in ALONE:
                continue
            if tag.name == "style" or (tag.string and tag.string.strip() and not is_data):
                faults.append(f"{short(path)}: <{tag.name}>")
    assert faults == []


def test_nothing_is_fetched_from_elsewhere():
    faults = []
    for path in SERVED:
        text = path.read_text(encoding="utf-8")
        text = ATTRIBUTION.sub("", NAMESPACES.sub("", text))
        addresses = re.findall(r"(?:https?:)?//[a-z0-9-]+\.[a-z0-9./-]+", text)
        faults += [f"{short(path)}: {address}" for address in addresses]
    assert faults == []


def sentences(text: str):
    """Yield each text marked for translation, with X where a value will stand."""
    text = without_comments(text)
    for match in re.finditer(r"\{%\s*translate\s+(\"[^\"]*\"|'[^']*')", text):
        yield match[1][1:-1]
    blocks = re.finditer(
        r"\{%\s*blocktranslate\b(?P<how>[^%]*)%\}(?P<said>.*?)\{%\s*endblocktranslate\s*%\}",
        text,
        re.DOTALL,
    )
    for block in blocks:
        for raw in re.split(r"\{%\s*plural\s*%\}", block["said"]):
            said = re.sub(r"<[^>]*>", "", re.sub(r"\{\{.*?\}\}", "X", raw))
            if "trimmed" in block["how"]:
                said = " ".join(line.strip(" \t") for line in said.strip().splitlines())
            yield said.replace("%%", "%")


@pytest.mark.parametrize("path", TEMPLATES, ids=short)
def test_what_is_said_is_set_in_clean_french(path):
    faults = [
        fault
        for said in sentences(path.read_text(encoding="utf-8"))
        for fault in typography_faults(said.replace("&nbsp;", "\u00a0").replace("&amp;", "&"))
    ]
    assert faults == []


def test_the_reader_of_sentences_finds_them():
    text = """{% translate "Un" %} {% translate 'Deux' as x %}
      {% blocktranslate trimmed count n=3 %}
        <b>{{ n }}</b> bien
      {% plural %}
        {{ n }} biens
      {% endblocktranslate %}{# {% translate "non" %} #}"""
    assert list(sentences(text)) == ["Un", "Deux", "X bien", "X biens"]


def test_words_a_person_reads_are_marked_for_translation():
    """Text between tags is French written bare: it would never reach another language."""
    bare = {}
    for path in PAGES:
        text = without_comments(path.read_text(encoding="utf-8"))
        text = re.sub(
            r"\{%\s*blocktranslate\b.*?endblocktranslate\s*%\}", "", text, flags=re.DOTALL
        )
        text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", text, flags=re.DOTALL)
        tree = BeautifulSoup(text, "html.parser")
        for tag in tree(["script", "style", "code", "pre"]):
            tag.decompose()
        words = [
            word for word in re.findall(r"[^\W\d_]{4,}", tree.get_text(" ")) if word != "Usufruit"
        ]
        if words and not UNTRANSLATED.search(short(path)):
            bare[short(path)] = words[:6]
    assert bare == {}


def patterns(resolver: URLResolver, room: str = ""):
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            module = each.urlconf_module
            name = getattr(module, "__name__", "")
            yield from patterns(each, name.split(".")[1] if name.startswith("usufruit.") else room)
        else:
            yield room, each


def named_patterns() -> list[tuple[str, URLPattern]]:
    return [(room, each) for room, each in patterns(get_resolver()) if each.name]


def test_every_address_is_answered_by_its_own_room():
    found = named_patterns()
    assert len(found) > 30
    astray = []
    for room, each in found:
        view = getattr(each.callback, "view_class", each.callback)
        # Signing in is allauth's; its addresses are ours, in the room of persons.
        is_theirs = room == "organizations" and view.__module__.startswith("allauth.")
        views = f"usufruit.{room}.views"  # a file, or a folder of files
        if not f"{view.__module__}.".startswith(f"{views}.") and not is_theirs:
            astray.append((room, each.name, view.__module__))
    assert astray == []


def test_every_address_has_a_name_of_its_own():
    every = list(patterns(get_resolver()))
    assert [str(each.pattern) for _, each in every if not each.name] == []
    names = [(room if room == "ui" else "", each.name) for room, each in every]
    assert len(names) == len(set(names))


def test_addresses_are_french_words():
    for room, each in named_patterns():
        if isinstance(each.pattern, RoutePattern):
            route = re.sub(r"<[^>]*>", "", str(each.pattern))
            assert re.fullmatch(r"[a-z0-9/.:-]*", route), (room, route)


def test_the_site_map_names_every_room_that_has_addresses():
    rooms = {path.parent.name for path in PACKAGE.glob("*/urls.py")} - {"config"}
    mapped = {each.urlconf_module.__name__.split(".")[1] for each in site_map.urlpatterns}
    assert mapped == rooms
