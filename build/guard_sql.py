# SPDX-License-Identifier: Apache-2.0
"""Guards the SQL: all dialects have the same tables, and what C asks for."""

import re

from guard_files import ROOT, name_of, read


def dialects():
    """The schema files by dialect."""
    return {p.name.split(".")[1]: name_of(p)
            for p in sorted((ROOT / "sql").glob("schema.*.sql"))}


def statements_in(paths):
    """The statements of files: name to the list of its texts."""
    found = {}
    for path in paths:
        parts = re.split(r"^-- name: (\w+)\n", read(name_of(path)), flags=re.M)
        for name, text in zip(parts[1::2], parts[2::2]):
            text = re.sub(r"^\s*--.*\n", "", text, flags=re.M)
            found.setdefault(name, []).append(text)
    return found


def common_statements():
    """What is said to every database."""
    return statements_in(path for path in sorted((ROOT / "sql").glob("*.sql"))
                         if path.name.count(".") == 1)


def statements_of(dialect):
    """All statements of a dialect, its own before those of all."""
    own = sorted((ROOT / "sql").glob(f"*.{dialect}.sql"))
    return common_statements() | statements_in(own)


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


def views_of(schema):
    """The names of the views that a schema makes."""
    return sorted(re.findall(r"VIEW (?:IF NOT EXISTS )?(\w+) AS",
                             "".join(schema)))


def key_of(schema, table):
    """The primary key of a table."""
    made = re.search(rf"CREATE TABLE (?:IF NOT EXISTS )?{table}\s*\((.*?)^\)",
                     "".join(schema), re.S | re.M)[1]
    many = re.search(r"PRIMARY KEY \((.*?)\)", made)
    if many:
        return re.sub(r"[`\"\s]", "", many[1])
    return re.search(r"^  (\w+) .*PRIMARY KEY", made, re.M)[1]


def names_in_c():
    """The names of statements that the C source asks for."""
    store = "".join(read(f"mod_usage/{name}.c") for name in (
        "dbd", "store_clients", "store_dbd", "store_events", "store_keep", "store_marks",
        "store_nodes", "store_people", "store_salt", "store_schema"))
    names = set(re.findall(r'\[USAGE_(?:FACT|ASK)_\w+\] = "(\w+)"',
                           store))
    names |= set(re.findall(
        r'usage_dbd_(?:run|run_many|select|open|execute)\(\s*\w+(?:\(\w+\))?,'
        r'\s*"(\w+)"', store))
    names |= set(re.findall(
        r'usage_statement_text\(\s*[^,]+,\s*"(\w+)"', store))
    for header in ("store.h", "keeper.h"):
        names |= set(re.findall(r"^    X\([A-Z_]+, (\w+)\)",
                                read("mod_usage/engine/" + header), re.M))
    return names


# What a dialect may do without.
OPTIONAL = {"cluster", "create", "session", "lock", "hurry", "unhurry"}


def parameters_in_c():
    """The words that a statement can bind."""
    words = re.findall(r'^    X\(\w+, "(\w+)", (?:NUMBER|TEXT)\)',
                       read("mod_usage/statement.h"), re.M)
    counters = re.findall(r"^    X\(\w+, (\w+)\)",
                          read("mod_usage/engine/counter.h"), re.M)
    names = re.findall(r'USAGE_PARAMETER_NAMES\] = { "(\w+)"',
                       read("mod_usage/statement.c"))
    return set(words) | set(counters) | set(names)


def guard_common(guard):
    """What is said to all keeps to what all understand."""
    common = common_statements()
    own = statements_in(sorted((ROOT / "sql").glob("*.mysql.sql")))
    guard.check(common, "sql/ has no statements for all databases")
    for name, texts in common.items():
        for text in texts:
            guard.check(not re.search(r'(?<![:"])\bsystem\b(?!")', text),
                        f"{name}: system is a reserved word: \"system\"")
            guard.check("||" not in text or name in own,
                        f"{name}: || is \"or\" to MySQL")
            guard.check(not re.search(r'"(?!system")\w+ *"', text),
                        f"{name}: quotes more than \"system\"")
            guard.check(not re.search(r"INSERT INTO \w+ AS", text)
                        and not re.search(r"DO UPDATE SET.*\bWHERE\b", text,
                                          re.S),
                        f"{name}: MySQL has no such INSERT")


def guard_tables(guard, path, reference, schema):
    """A dialect has the tables, columns, keys and views of another."""
    tables = columns_of(schema)
    guard.check(tables, f"{path} makes no tables")
    for table in sorted(set(tables) | set(columns_of(reference))):
        have, want = tables.get(table), columns_of(reference).get(table)
        if guard.check(have == want, f"{path}: {table} has columns {have}, "
                                     f"elsewhere {want}"):
            guard.check(key_of(schema, table) == key_of(reference, table),
                        f"{path}: {table} has another key")
    guard.check(views_of(schema) == views_of(reference),
                f"{path}: other views than elsewhere")


def guard_versions(guard, path, statements):
    """A schema says which version it is, and migrations lead there one by one;
    returns the version."""
    said = re.findall(r"INTO usage_schema \(version\) VALUES \((\d+)\)",
                      statements.get("schema", [""])[-1])
    steps = sorted(int(name.split("_")[1]) for name in statements
                   if name.startswith("migrate_"))
    last = steps[-1] if steps else 1
    guard.check(said == [str(last)],
                f"{path}: ends with version {said}, migrations with {last}")
    guard.check(steps == list(range(2, last + 1)),
                f"{path}: migrations have gaps: {steps}")
    return last


def guard_sql(guard):
    """All dialects have the same tables, columns and statements."""
    reference = None
    versions = set()
    bound = parameters_in_c()
    guard.check(bound, "no parameters in mod_usage/statement.h")
    guard_common(guard)
    in_c = set(re.findall(r'\.driver = "(\w+)"',
                          read("mod_usage/dialect.c")))
    guard.check(set(dialects()) == in_c,
                f"mod_usage/dialect.c has {in_c}, sql/ {set(dialects())}")
    for dialect, path in dialects().items():
        statements = statements_of(dialect)
        schema = statements.get("schema", [])
        reference = reference or schema
        guard_tables(guard, path, reference, schema)
        versions.add(guard_versions(guard, path, statements))
        for name in sorted(names_in_c() - OPTIONAL):
            guard.check(name in statements, f"{dialect} lacks {name}")
        unused = {name for name in set(statements) - names_in_c()
                  if not re.fullmatch(r"migrate_\d+", name)}
        guard.check(not unused, f"{dialect}: nobody asks for {unused}")
        for word in re.findall(r"(?<!:):([a-z_]+)\b", str(statements)):
            guard.check(word in bound, f"{dialect}: :{word} is never bound")
    guard.check(len(versions) == 1, f"dialects are of versions {versions}")
    guard.check(reference, "sql/ has no schema.<dialect>.sql")
    guard.check(len(names_in_c()) > 10, "few statements are named in C")
