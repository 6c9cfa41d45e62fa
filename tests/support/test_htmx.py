# SPDX-License-Identifier: EUPL-1.2
"""The model of htmx changes a page as the browser would."""

import pytest
from django.http import HttpResponse

from tests.support.htmx import apply, assert_same, parse

PAGE = """<body><form id="filters" hx-target="#results" hx-swap="{swap}"><input name="q"></form>
<p id="count">2</p><ul id="results"><li>un</li><li>deux</li></ul></body>"""


def page(swap="innerHTML"):
    return parse(PAGE.format(swap=swap))


@pytest.mark.parametrize(
    ("swap", "answer", "expected"),
    [
        ("innerHTML", "<li>trois</li>", '<ul id="results"><li>trois</li></ul>'),
        ("outerHTML", '<ul id="results"></ul>', '<ul id="results"></ul>'),
        ("beforeend", "<li>3</li>", '<ul id="results"><li>un</li><li>deux</li><li>3</li></ul>'),
        ("afterbegin", "<li>0</li>", '<ul id="results"><li>0</li><li>un</li><li>deux</li></ul>'),
        ("none", "<li>3</li>", '<ul id="results"><li>un</li><li>deux</li></ul>'),
        ("outerHTML show:top", "<ul></ul>", "<ul></ul>"),
    ],
)
def test_each_swap_changes_its_target(swap, answer, expected):
    changed = apply(page(swap), HttpResponse(answer), source="#filters")
    assert str(changed.select_one("ul")) == expected


def test_deletes_and_places_around():
    assert apply(page("delete"), HttpResponse(""), source="#filters").select("ul") == []
    around = apply(page("beforebegin"), HttpResponse("<h2>Titre</h2>"), source="#filters")
    assert around.select_one("h2").find_next_sibling()["id"] == "results"


def test_a_part_that_names_its_place_goes_there():
    answer = HttpResponse('<li>trois</li><p id="count" hx-swap-oob="true">1</p>')
    changed = apply(page(), answer, source="#filters")
    assert str(changed.select_one("#count")) == '<p id="count">1</p>'
    assert str(changed.select_one("#results")) == '<ul id="results"><li>trois</li></ul>'


def test_a_part_may_add_to_another_list():
    answer = HttpResponse('<template hx-swap-oob="beforeend:#results"><li>3</li></template>')
    changed = apply(page("none"), answer, source="#filters")
    assert [item.text for item in changed.select("li")] == ["un", "deux", "3"]


def test_headers_of_the_answer_decide():
    answer = HttpResponse("rien", headers={"HX-Retarget": "#count", "HX-Reswap": "innerHTML"})
    changed = apply(page("outerHTML"), answer, source="#filters")
    assert changed.select_one("#count").text == "rien"


def test_only_the_selected_part_is_used():
    document = parse('<body><a id="go" hx-select="#b" hx-target="closest body">x</a></body>')
    answer = HttpResponse('<div id="a">1</div><div id="b">2</div>')
    assert str(apply(document, answer, source="#go")) == '<body><div id="b">2</div></body>'


def test_the_page_given_is_left_as_it_was():
    before = page()
    apply(before, HttpResponse("x"), source="#filters")
    assert str(before) == str(page())


def test_an_absent_target_is_a_fault():
    lost = parse('<body><a id="go" hx-target="#nowhere">x</a></body>')
    with pytest.raises(AssertionError, match="0 elements match '#nowhere'"):
        apply(lost, HttpResponse("x"), source="#go")


def test_spaces_and_tokens_do_not_make_a_difference():
    one = parse('<body><input name="csrfmiddlewaretoken" value="a"> <p> un   mot</p></body>')
    two = parse('<body><input name="csrfmiddlewaretoken" value="b">\n<p>\nun mot</p></body>')
    assert_same(one, two)


def test_a_drift_is_shown():
    with pytest.raises(AssertionError, match=r"-deux(.|\n)*\+trois"):
        assert_same(parse("<body><p>deux</p></body>"), parse("<body><p>trois</p></body>"))
