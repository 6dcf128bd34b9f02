"""Places in words, as the law takes them: codes in any case, and names; never a name that two states share."""

from __future__ import annotations

from geoecon import countries
from geoecon.errors import InputError


def place_of(text: str) -> str:
    """The code of a place given by code or name. Raises InputError naming near ones, or both where two share it."""
    written = str(text).strip()
    if len(written) == 3 and countries.is_known(written.upper()):
        return written.upper()
    try:
        return countries.resolve(written).iso3
    except InputError as error:
        if str(error).startswith("ambiguous"):
            raise
        try:
            return _in_words(written)
        except InputError:
            raise error from None


def _in_words(text: str) -> str:
    """Adjectives, capitals and misspelt names by the lexicon; a group of states is no place."""
    from geoecon import lexicon

    code = lexicon.state(text)
    if not countries.is_country(code):
        raise InputError(f"{text!r} is a group of states; allowed: one country")
    return code
