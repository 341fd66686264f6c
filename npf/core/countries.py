"""Countries by name, ISO2 or ISO3. A country is kept as its ISO2 code; FM wants the full English name."""

import difflib
from functools import cache, lru_cache

import pycountry

# FM and BigCommerce write these as the right-hand words; ISO's own names differ.
_SPOKEN = {
    "GB": "United Kingdom",
    "US": "United States",
    "KR": "South Korea",
    "KP": "North Korea",
    "TW": "Taiwan",
    "VN": "Vietnam",
    "LA": "Laos",
    "RU": "Russia",
    "IR": "Iran",
    "SY": "Syria",
    "BO": "Bolivia",
    "VE": "Venezuela",
    "TZ": "Tanzania",
    "MD": "Moldova",
    "BN": "Brunei",
    "CZ": "Czech Republic",
    "TR": "Turkey",
}


@cache
def _by_name() -> dict[str, str]:
    names: dict[str, str] = {}
    for country in pycountry.countries:
        code = country.alpha_2
        for name in (
            code,
            country.alpha_3,
            country.name,
            getattr(country, "common_name", ""),
            getattr(country, "official_name", ""),
            _SPOKEN.get(code, ""),
        ):
            if name:
                names[name.casefold()] = code
    names.update({"uk": "GB", "usa": "US", "viet nam": "VN", "korea, republic of": "KR", "czechia": "CZ"})
    return names


@lru_cache(maxsize=1024)
def iso2(text: str) -> str | None:
    """The ISO2 code of a country given by name, ISO2 or ISO3, in any case; None where it is unknown."""
    return _by_name().get(" ".join(text.split()).casefold())


@lru_cache(maxsize=1024)
def name(code: str) -> str:
    """The full English name as FM writes it, of an ISO2 code that `iso2` gave."""
    if code in _SPOKEN:
        return _SPOKEN[code]
    country = pycountry.countries.get(alpha_2=code)
    if country is None:
        raise ValueError(f"{code!r} is no country code")
    return str(getattr(country, "common_name", country.name))


def listed(code: str) -> str:
    """The name, unless a comma in it or another reading of it would make it something else when it is read back."""
    full = name(code)
    return full if "," not in full and iso2(full) == code else code


def nearest(text: str) -> str | None:
    """The known name closest to a misspelt one, for an error message; None where nothing is close."""
    close = difflib.get_close_matches(text.casefold(), _by_name(), n=1, cutoff=0.6)
    return name(_by_name()[close[0]]) if close else None
