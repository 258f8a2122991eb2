# SPDX-License-Identifier: Apache-2.0
#
# Turns sql/<purpose>.<dialect>.sql files into a C table of statements.
# A statement begins after its "-- name: word" line and ends before the next
# one; comments and line breaks are dropped, as is the last semicolon of a
# statement, but not those between several.

function flush_statement() {
    if (name != "") {
        sub(/^ +/, "", text)
        sub(/; *$/, "", text)
        if (text == "") {
            print FILENAME ": " name ": no statement" > "/dev/stderr"
            failed = 1
            exit 1
        }
        gsub(/\\/, "\\\\", text)
        gsub(/"/, "\\\"", text)
        printf "    { \"%s\", \"%s\",\n      \"%s\" },\n", dialect, name, text
        count++
    }
    name = ""
    text = ""
}

BEGIN {
    print "/* Made by build/embed-sql.awk from the files in sql/. */"
    print "#include \"sql.h\"\n"
    print "const usage_sql_t usage_sql[] = {"
}

FNR == 1 {
    flush_statement()
    parts = split(FILENAME, part, ".")
    dialect = part[parts - 1]
}

/^-- name: / {
    flush_statement()
    name = $3
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
}
