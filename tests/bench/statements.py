"""Coredepot's SQL, taken from its sources, so that whatever is compared with it stays up to date."""

import functools
import pathlib
import re

SOURCE = pathlib.Path(__file__).resolve().parents[2]
STATEMENT = re.compile(r'constexpr Statement \w+\{\s*"(\w+)",\s*R"\((.*?)\)"\};', re.DOTALL)
PARAMETER = re.compile(r"\$([0-9]+)")


@functools.cache
def all_statements(checkout=SOURCE):
    """Name → text, with parameters as $1, $2, …"""
    return dict(found for source in (checkout / "shared/db").glob("*.cpp") for found in STATEMENT.findall(source.read_text()))


@functools.cache
def for_psycopg(name):
    """A statement with its parameters by number: %(1)s, %(2)s, …"""
    return PARAMETER.sub(r"%(\1)s", all_statements()[name].replace("%", "%%"))


def substitute(text, expressions):
    """A statement with SQL expressions in place of its parameters, in their order."""
    return PARAMETER.sub(lambda found: f"({expressions[int(found[1]) - 1]})", text)


def with_expressions(name, *expressions, checkout=SOURCE):
    return substitute(all_statements(checkout)[name], expressions)
