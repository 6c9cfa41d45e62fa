# SPDX-License-Identifier: EUPL-1.2
"""The gallery, the shell, the error pages, the visitor's choices, and what is served with them."""

import gzip
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django import forms
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from usufruit.kernel.refusals import Alternative, Refusal
from usufruit.ui import charts, preferences, samples, typography, views

STATIC = Path(charts.STYLES)
SOURCES = STATIC.parents[3]


def text_of(html: str) -> str:
    soup = BeautifulSoup(html, "html.parser")
    for one in soup.select("script, style, .code, svg, .visually-hidden"):
        one.decompose()
    lines = (" ".join(part.split(" ")) for part in soup.stripped_strings)
    return "\n".join(lines)


def render(source: str, **context) -> str:
    with translation.override("fr-ca"):
        return Template("{% load ui %}" + source).render(Context(context))


def test_gallery_is_whole_and_strict(gallery: str) -> None:
    soup = BeautifulSoup(gallery, "html.parser")
    identifiers = [one["id"] for one in soup.select("[id]")]
    assert len(identifiers) == len(set(identifiers)), sorted(identifiers)
    assert not soup.select("[style], style")
    assert not [
        tag for tag in soup.find_all(True) if any(name.startswith("on") for name in tag.attrs)
    ]
    assert all(one.get("src") or one["type"] == "application/json" for one in soup.select("script"))
    assert soup.select_one("h1")
    assert soup.select_one(".skip-link")["href"] == f"#{soup.main['id']}"


def test_gallery_is_typed_as_it_should(gallery: str) -> None:
    faults = [
        fault
        for line in text_of(gallery).splitlines()
        for fault in typography.typography_faults(line)
    ]
    assert faults == []


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "500", "503"])
def test_error_pages_need_nothing(name: str) -> None:
    with translation.override("fr-ca"):
        html = render_to_string(f"{name}.html")
    soup = BeautifulSoup(html, "html.parser")
    assert soup.h1.text
    assert not soup.select(".preferences")
    faults = [f for line in text_of(html).splitlines() for f in typography.typography_faults(line)]
    assert faults == []


def test_error_page_prints_its_reference() -> None:
    assert "7K2-M9Q" in render_to_string("500.html", {"reference": "7K2-M9Q"})


def test_refusal_page_carries_rule_and_nearest_yes() -> None:
    refusal = Refusal(
        "taken",
        "La plage est prise.",
        "Une plage, un emprunteur",
        (
            Alternative("mardi, à 19\u00a0h"),
            Alternative("un autre jour"),
        ),
    )
    soup = BeautifulSoup(render_to_string("ui/refusal.html", {"refusal": refusal}), "html.parser")
    assert soup.h1.text == "La plage est prise."
    assert "Une plage, un emprunteur" in soup.text
    assert [one.text for one in soup.select("main li")] == ["mardi, à 19\u00a0h", "un autre jour"]


def test_shell_shows_navigation_person_and_bodies() -> None:
    body = {"name": "Ville de Saint-Aubin", "pk": 1}
    shell = {
        "nav": [
            {"label": "Trouver", "href": "/biens/", "icon": "search", "is_current": True},
            {"label": "À décider", "href": "/a-decider/", "icon": "inbox", "count": 3},
        ],
        "person": {"name": "Contremaître, Travaux publics"},
        "organization": body,
        "organizations": [body, {"name": "MRC des Basses-Rives", "pk": 2}],
    }
    html = render_to_string("404.html", {"shell": shell})
    soup = BeautifulSoup(html, "html.parser")
    assert [one.text for one in soup.select(".site-nav [aria-current=page]")] == ["Trouver"]
    assert soup.select_one(".tab-bar .count").text == "3"
    assert soup.select_one(".menu__name").text == "Contremaître, Travaux publics"
    assert [one["value"] for one in soup.select("button[name=organization]")] == ["1", "2"]


def test_confirm_page_names_what_is_lost() -> None:
    context = {
        "heading": "Annuler cette réservation?",
        "losses": ["Mardi 19 janvier, de 18\u00a0h à 20\u00a0h"],
        "action": "Annuler la réservation",
        "back": "/reservations/4/",
        "csrf_token": "jeton",
    }
    soup = BeautifulSoup(render_to_string("ui/confirm.html", context), "html.parser")
    assert soup.select_one("main form[method=post] .button--danger").text == context["action"]
    assert soup.select_one("main li").text == context["losses"][0]


class SampleForm(forms.Form):
    purpose = forms.CharField(label="But", help_text="Une phrase.")
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea)
    channel = forms.ChoiceField(label="Canal", widget=forms.RadioSelect, choices=[("a", "A")])
    agreed = forms.BooleanField(label="D’accord")
    secret = forms.CharField(widget=forms.HiddenInput, required=False)


def test_fields_tie_label_hint_error_and_control() -> None:
    form = SampleForm({"purpose": ""})
    soup = BeautifulSoup(render("{% field form.purpose %}", form=form), "html.parser")
    control = soup.select_one("input")
    assert soup.label["for"] == control["id"]
    assert control["aria-invalid"] == "true"
    assert all(soup.find(id=name) for name in control["aria-describedby"].split())


def test_fields_of_each_kind() -> None:
    form = SampleForm()
    assert "facultatif" in render("{% field form.note %}", form=form)
    assert "<legend" in render("{% field form.channel %}", form=form)
    assert "facultatif" not in render("{% field form.agreed %}", form=form)
    assert "label" not in render("{% field form.secret %}", form=form)
    assert "input--s" in render('{% field form.purpose "s" %}', form=form)


def test_error_summary_leads_to_each_field() -> None:
    form = SampleForm({"purpose": ""})
    html = render(
        "{% form_errors form %}"
        + "".join(
            "{% field form." + name + " %}" for name in ("purpose", "note", "channel", "agreed")
        ),
        form=form,
    )
    soup = BeautifulSoup(html, "html.parser")
    links = soup.select(".error-summary a")
    assert len(links) == 3
    assert all(soup.find(id=link["href"][1:]) for link in links)
    assert render("{% form_errors form %}", form=SampleForm()).strip() == ""


def test_filters() -> None:
    values = {"at": samples.NOW, "zone": "America/Toronto"}
    assert render("{{ at|moment:zone }}", **values).endswith("janvier 2027, 13\u00a0h\u00a040")
    assert render("{{ 0.42|percent }} {{ 1234|number }}") == "42\u00a0% 1\u00a0234"
    assert render("{{ 510|clock }}") == "8\u00a0h\u00a030"


def test_choices_are_kept_and_lead_back_home_only(rf: RequestFactory, settings) -> None:
    response = views.choose(rf.post("/", {"theme": "dark", "next": "/biens/?page=2"}))
    assert response.url == "/biens/?page=2"
    assert response.cookies[preferences.THEME_COOKIE].value == "dark"
    response = views.choose(rf.post("/", {"theme": "pink", "next": "//ailleurs.test/"}))
    assert response.url == "/"
    assert preferences.THEME_COOKIE not in response.cookies
    settings.LANGUAGES = [("fr-ca", "Français"), ("en", "English")]
    response = views.choose(rf.post("/", {"language": "en"}))
    assert response.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"


def test_choices_reach_the_root_element(rf: RequestFactory) -> None:
    request = rf.get("/")
    request.COOKIES = {preferences.THEME_COOKIE: "dark", preferences.FONT_COOKIE: "x"}
    html = render("<html {% html_attributes %}>", request=request)
    assert html == '<html lang="fr-ca" data-theme="dark">'


def test_sprite_has_every_icon_asked_for() -> None:
    names = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "icons.svg").read_text("utf-8")))
    asked = set()
    for path in SOURCES.rglob("*.html"):
        source = path.read_text("utf-8")
        asked |= set(re.findall(r'{% icon "([\w-]+)"', source))
        asked |= set(re.findall(r'icon="([\w-]+)"', source))
    assert asked - names == set()
    assert {"chasse-neige", "niveleuse", "truck"} <= names


def weight(*paths: Path) -> int:
    return sum(len(gzip.compress(path.read_bytes())) for path in paths)


def test_pages_stay_light() -> None:
    sheets = [path for path in STATIC.glob("*.css") if path.name != "gallery.css"]
    assert weight(*sheets) <= 25_000
    assert weight(STATIC / "icons.svg") <= 12_000
    assert weight(*(STATIC / "basemap").glob("*.json")) <= 290_000


@pytest.mark.skipif(not (STATIC / "vendor/stamp").exists(), reason="make installs them first")
def test_what_npm_brings_stays_light() -> None:
    vendor = STATIC / "vendor"
    assert weight(vendor / "htmx.min.js", STATIC / "page.js", STATIC / "figures.js") <= 25_000
    assert (vendor / "public-sans-latin.woff2").stat().st_size <= 27_000
    for path in vendor.iterdir():
        assert b"sourceMappingURL" not in path.read_bytes()[-200:]
