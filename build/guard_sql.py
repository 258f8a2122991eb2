# SPDX-License-Identifier: Apache-2.0
"""Guards the SQL: all dialects have the same tables, and what C asks for."""

import re

from guard_files import ROOT, name_of, read


def dialects():
    """The schema files by dialect."""
    return {p.name.split(".")[1]: name_of(p)
            for p in sorted((ROOT / "sql").glob("schema.*.sql"))}


def statements_of(dialect):
    """All statements of a dialect: name to the list of its texts."""
    found = {}
    for path in sorted((ROOT / "sql").glob(f"*.{dialect}.sql")):
        parts = re.split(r"^-- name: (\w+)\n", read(name_of(path)), flags=re.M)
        for name, text in zip(parts[1::2], parts[2::2]):
            text = re.sub(r"^\s*--.*\n", "", text, flags=re.M)
            found.setdefault(name, []).append(text)
    return found


def columns_of(schema):
    """The columns of each table that a schema makes."""
    tables = {}
    for text in schema:
        made = re.match(r"\s*CREATE TABLE (?:IF NOT EXISTS )?[`\"]?(\w+)[`\"]?"
                        r"\s*\((.*)\)", text, re.S)
        if made:
            names = re.findall(r"^  [`\"]?([a-z_]\w*)[`\"]? ", made[2], re.M)
            tables[made[1]] = names
    return tables


def names_in_c():
    """The names of statements that the C source asks for."""
    store = "".join(read(f"mod_usage/{name}.c")
                    for name in ("store_dbd", "store_people"))
    names = set(re.findall(r'\[USAGE_FACT_\w+\] = "(\w+)"', store))
    names |= set(re.findall(
        r'usage_dbd_(?:run|select|open)\(\s*\w+(?:\(\w+\))?,\s*"(\w+)"', store))
    names |= set(re.findall(
        r'usage_statement_text\([^,]+,\s*"(\w+)"\)', store))
    names |= set(re.findall(r'\[i\]\.name, "(\w+)"', store))
    names |= set(re.findall(r"^    X\([A-Z]+, (\w+)\)",
                            read("mod_usage/engine/store.h"), re.M))
    return names


def parameters_in_c():
    """The words that a statement can bind."""
    words = re.findall(r'^    X\(\w+, "(\w+)", (?:NUMBER|TEXT)\)',
                       read("mod_usage/statement.h"), re.M)
    counters = re.findall(r"^    X\(\w+, (\w+)\)",
                          read("mod_usage/engine/counter.h"), re.M)
    return set(words) | set(counters)


def guard_sql(guard):
    """All dialects have the same tables, columns and statements."""
    reference = None
    bound = parameters_in_c()
    guard.check(bound, "no parameters in mod_usage/statement.h")
    for dialect, path in dialects().items():
        statements = statements_of(dialect)
        tables = columns_of(statements.get("schema", []))
        reference = reference or (path, tables, set(statements))
        guard.check(tables, f"{path} makes no tables")
        for table in sorted(set(tables) | set(reference[1])):
            guard.check(tables.get(table) == reference[1].get(table),
                        f"{path}: {table} has columns {tables.get(table)}, "
                        f"in {reference[0]} {reference[1].get(table)}")
        for name in sorted(names_in_c()):
            guard.check(name in statements, f"{dialect} lacks {name}")
        unused = set(statements) - names_in_c()
        guard.check(not unused, f"{dialect}: nobody asks for {unused}")
        for word in re.findall(r"(?<!:):([a-z_]+)\b", str(statements)):
            guard.check(word in bound, f"{dialect}: :{word} is never bound")
    guard.check(reference, "sql/ has no schema.<dialect>.sql")
    guard.check(len(names_in_c()) > 10, "few statements are named in C")
