# SPDX-License-Identifier: Apache-2.0
#
# Turns translations (dashboard/texts/*.po) into C tables, sorted by their
# English: LC_ALL=C awk -f this de.po ar.po

function begin_file(path)
{
    end_file()
    language = path
    sub(/.*\//, "", language)
    sub(/\.po$/, "", language)
    count = 0
}

# As C has them, but for quotes: the order is that of the characters meant.
function keep()
{
    if (id != "" && text != "") {
        count++
        for (at = count; at > 1 && order(ids[at - 1]) > order(id); at--) {
            ids[at] = ids[at - 1]
            texts[at] = texts[at - 1]
        }
        ids[at] = id
        texts[at] = text
    }
    id = text = ""
}

function order(quoted)
{
    gsub(/\\"/, "\"", quoted)
    return quoted
}

function end_file(    i)
{
    if (language == "") {
        return
    }
    keep()
    print "\nconst usage_translation_t usage_texts_" language "[] = {"
    for (i = 1; i <= count; i++) {
        print "    { \"" ids[i] "\",\n      \"" texts[i] "\" },"
    }
    print "};\n\nconst size_t usage_texts_" language "_count ="
    print "    sizeof usage_texts_" language " / sizeof *usage_texts_" \
        language ";"
}

# What stands between the first quote of a line and the last.
function content(line)
{
    sub(/^[^"]*"/, "", line)
    sub(/"[^"]*$/, "", line)
    return line
}

BEGIN {
    print "/* Made by build/embed-texts.awk. */"
    print "#include \"texts.h\""
}

FNR == 1 { begin_file(FILENAME) }
/^msgid / { keep(); id = content($0); is_id = 1 }
/^msgstr / { text = content($0); is_id = 0 }
/^"/ && is_id { id = id content($0) }
/^"/ && !is_id { text = text content($0) }

END { end_file() }
