"""Every language says everything that pages say, and no template says anything past the catalogues."""

import re
from pathlib import Path

import pytest

from holdfast.web.languages import catalogues, languages
from support.phrases import TEMPLATES, Phrase, phrases
from support.source import expect_none, here

CODES = [code for code in languages() if code != "en"]
VALUES = re.compile(r"%\((\w+)\)s")
OF_NO_LANGUAGE = {"Holdfast", "status.json", "summary.json", "RSS", "API", "OpenAPI"}


def said_in(code: str) -> dict[Phrase, str | tuple[str, ...]]:
    found: dict[Phrase, str | tuple[str, ...]] = {}
    for catalogue in catalogues(code):
        for message in catalogue:
            if message.id and message.string and not message.fuzzy:
                name = (message.id[0], message.id[1]) if isinstance(message.id, tuple | list) else message.id
                found[name] = message.string if isinstance(message.string, str) else tuple(message.string)
    return found


def as_po(text: Phrase, file: str) -> str:
    """Ready to be pasted into src/holdfast/web/locale."""
    quoted = [part.replace("\\", "\\\\").replace('"', '\\"') for part in ([text] if isinstance(text, str) else text)]
    if len(quoted) == 1:
        return f'# {file}\nmsgid "{quoted[0]}"\nmsgstr ""\n'
    return f'# {file}\nmsgid "{quoted[0]}"\nmsgid_plural "{quoted[1]}"\nmsgstr[0] ""\nmsgstr[1] ""\n'


@pytest.mark.parametrize("code", CODES)
def test_a_catalogue_has_every_phrase(code: str) -> None:
    said = said_in(code)
    expect_none(as_po(text, file) for text, file in phrases().items() if text not in said or not all(said[text]))


@pytest.mark.parametrize("code", CODES)
def test_a_catalogue_has_no_phrase_that_nobody_says(code: str) -> None:
    known = phrases()
    expect_none(str(text) for text in said_in(code) if text not in known)


@pytest.mark.parametrize("code", CODES)
def test_a_translation_names_the_values_of_its_phrase(code: str) -> None:
    expect_none(
        f"{text}: {said}"
        for text, said in said_in(code).items()
        if set(VALUES.findall(str(text))) != set(VALUES.findall(str(said)))
    )


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_a_template_says_nothing_past_the_catalogues(template: Path) -> None:
    """By text between tags, and by the attributes that people hear."""
    text = template.read_text()
    text = re.sub(r"{% block kind %}[\w -]*{% endblock %}", "", text)  # classes of the body
    bare = re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}", "\0", text, flags=re.DOTALL)
    spoken = re.findall(r'(?:alt|aria-label|placeholder|title)="([^"]*)"', bare)
    tagless = re.sub(r"<[^>]*>", "\n", bare.replace("\0", ""))
    between = re.sub(r'[\w-]+="[^"]*"', "", tagless).split("\n")  # a macro may make attributes alone
    words = [each.strip() for each in (*spoken, *between)]
    expect_none(
        f"{here(template)}: {each}"
        for each in words
        if re.search(r"[^\W\d_]{2,}", each.replace("\0", "")) and each.strip(" –:,.\0") not in OF_NO_LANGUAGE
    )
