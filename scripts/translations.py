"""The words of the screens: `update` gathers them into the .po files, `check` says what is not translated.

French is what the code says; its catalogue holds only the plurals. English must be complete.
"""

from __future__ import annotations

import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "crm" / "http" / "translations"
COMPLETE = ("en",)
_METHODS = {
    "crm": [("**.py", "python")],
    "workers": [("**.py", "python")],
    "templates": [("**.html", "jinja2"), ("**.txt", "jinja2")],
}
_KEYWORDS = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "_n": (1, 2),
    "lazy_gettext": None,
    "_l": None,
    "N_": None,
}


def _holds_words(folder: str) -> bool:
    """By default `_layout` and `_parts` would be skipped, as every folder that begins with an underscore."""
    return Path(folder).name != "__pycache__"


def said() -> Catalog:
    """Every sentence of the code and of the templates."""
    found = Catalog(project="sans-couture", charset="utf-8")
    for top, methods in _METHODS.items():
        rows = extract_from_dir(ROOT / top, methods, keywords=_KEYWORDS, directory_filter=_holds_words)
        for file, _line, message, _comments, context in rows:
            found.add(message, locations=[(f"{top}/{file}", 0)], context=context)
    return found


def kept(language: str) -> Catalog:
    path = FOLDER / language / "LC_MESSAGES" / "messages.po"
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def update(language: str) -> None:
    catalog = kept(language)
    catalog.fuzzy = False  # a compiler skips a catalogue said to be fuzzy
    catalog.update(said(), no_fuzzy_matching=True, update_creation_date=False)
    path = FOLDER / language / "LC_MESSAGES" / "messages.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".new")
    with beside.open("wb") as file:  # whole or not at all: nobody reads half of it
        write_po(
            file,
            catalog,
            width=100,
            no_location=True,
            sort_output=True,
            ignore_obsolete=True,
            omit_header=False,
        )
    beside.replace(path)


def untranslated(language: str) -> list[str]:
    catalog = kept(language)
    missing = []
    for message in said():
        if not message.id:
            continue
        there = catalog.get(message.id, message.context)
        words = there.string if there and not there.fuzzy else ""
        if not words or not all(words if isinstance(words, list | tuple) else [words]):
            missing.append(message.id if isinstance(message.id, str) else message.id[0])
    return missing


def main() -> None:
    match sys.argv[1:]:
        case ["update"]:
            for language in COMPLETE:
                update(language)
        case ["check"]:
            missing = {language: untranslated(language) for language in COMPLETE}
            for language, sentences in missing.items():
                for sentence in sentences:
                    print(f"{language}: {sentence!r}")  # noqa: T201 (a script speaks on its output)
            if any(missing.values()):
                sys.exit("Not translated: run `python -m scripts.translations update`, then translate.")
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
