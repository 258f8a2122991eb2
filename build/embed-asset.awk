# SPDX-License-Identifier: Apache-2.0
#
# Turns a text file into a C string: awk -v name=usage_style -f this file.css

BEGIN {
    print "/* Made by build/embed-asset.awk. */"
    print "#include \"assets.h\"\n"
    print "const char " name "[] ="
}

{
    gsub(/\\/, "\\\\")
    gsub(/"/, "\\\"")
    print "    \"" $0 "\\n\""
}

END {
    print "    ;\n"
    print "const apr_size_t " name "_length = sizeof " name " - 1;"
}
