# SPDX-License-Identifier: Apache-2.0
#
# Turns files of sql/ into a C table of statements: <purpose>.sql for every
# database, <purpose>.<dialect>.sql for one (sql/Makefile.inc says how they are
# written). A statement begins after its "-- name: word" line and ends before
# the next one; comments and line breaks are dropped, as is the last semicolon
# of a statement, but not those between several.

function refuse(problem) {
    print FILENAME ": " name ": " problem > "/dev/stderr"
    failed = 1
    exit 1
}

# MySQL's words for a statement of all databases.
function for_mysql(text,    column) {
    gsub(/"/, "`", text)
    while (match(text, /ON CONFLICT \([a-z_]+[^)]*\) DO NOTHING/)) {
        column = substr(text, RSTART + 13, RLENGTH)
        sub(/[^a-z_].*/, "", column)
        text = substr(text, 1, RSTART - 1) "ON DUPLICATE KEY UPDATE " column \
            " = " column substr(text, RSTART + RLENGTH)
    }
    gsub(/ON CONFLICT \([^)]*\) DO UPDATE SET/, "ON DUPLICATE KEY UPDATE", text)
    while (match(text, /excluded\.[a-z_]+/)) {
        text = substr(text, 1, RSTART - 1) \
            "VALUES(" substr(text, RSTART + 9, RLENGTH - 9) ")" \
            substr(text, RSTART + RLENGTH)
    }
    if (text ~ /ON CONFLICT|excluded/) {
        refuse("has no form for MySQL")
    }
    return text ~ /^SELECT .* GROUP BY / ? grouped_for_mysql(text) : text
}

# Half of MySQL's time for a long list goes into decimals and into texts of
# several bytes a character. So counters whose sums stay far below 2^53 are added
# as doubles, and names, of 255 bytes at most, are told apart as bytes.
function grouped_for_mysql(text,    added, end) {
    gsub(/SELECT path,/, "SELECT " as_bytes("path") ",", text)
    gsub(/SELECT page\.path,/, "SELECT " as_bytes("page.path") ",", text)
    gsub(/SELECT category, event, sum/,
        "SELECT " as_bytes("category") ", " as_bytes("event") ", sum", text)
    added = "[( ]sum\\((page\\.)?(views|visitors|visits|returning_visits|" \
        "bounces|exits|seconds|millis|views_were)\\)"
    while (match(text, added)) {
        end = RSTART + RLENGTH
        text = substr(text, 1, RSTART) "CAST(SUM(" \
            substr(text, RSTART + 5, RLENGTH - 6) " + 0e0) AS SIGNED)" \
            substr(text, end)
    }
    return text
}

function as_bytes(column,    name) {
    name = column
    sub(/.*\./, "", name)
    return "LEFT(CAST(" column " AS BINARY), 255) AS " name
}

function emit(dialect, text) {
    gsub(/\\/, "\\\\", text)
    gsub(/"/, "\\\"", text)
    printf "    { \"%s\", \"%s\",\n      \"%s\" },\n", dialect, name, text
    count++
}

function flush_statement(    mysql) {
    if (name != "") {
        sub(/^ +/, "", text)
        sub(/; *$/, "", text)
        if (text == "") {
            refuse("no statement")
        }
        emit(dialect, text)
        mysql = dialect == "" ? for_mysql(text) : text
        if (mysql != text) {
            emit("mysql", mysql)
        }
    }
    name = ""
    text = ""
}

BEGIN {
    version = 1
    print "/* Made by build/embed-sql.awk from the files in sql/. */"
    print "#include \"sql.h\"\n"
    print "const usage_sql_t usage_sql[] = {"
}

FNR == 1 {
    flush_statement()
    parts = split(FILENAME, part, ".")
    dialect = parts > 2 ? part[parts - 1] : ""
}

/^-- name: / {
    flush_statement()
    name = $3
    if (name ~ /^migrate_/ && substr(name, 9) + 0 > version) {
        version = substr(name, 9) + 0
    }
    next
}

/^ *--/ { next }

{
    gsub(/[ \t]+/, " ")
    text = text " " $0
}

END {
    if (failed) {
        exit 1
    }
    flush_statement()
    print "};\n"
    print "const int usage_sql_count = " count + 0 ";"
    print "const int usage_sql_version = " version ";"
}
