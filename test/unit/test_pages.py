#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Whole pages, with everything on them: they are small, well-formed, speak
the reader's language, and each id is there once."""

import gzip
import os
import re
import subprocess
import sys
from html.parser import HTMLParser

SHOW = os.path.join(os.environ.get("USAGE_BUILD", "."), "test/unit/show_page")
STATES = ("", "filtered", "counted", "alone", "bounce", "duration", "empty",
          "away", "uncompared")
LANGUAGES = {"": ("en", "ltr"), "en": ("en", "ltr"), "de": ("de", "ltr"),
             "ar": ("ar", "rtl")}
VOID = {"input", "link", "meta"}

# What English words there may be on a page in another language: names.
NAMES = re.compile(r"<bdi>.*?</bdi>|<code>.*?</code>|<th[^>]*><a.*?</a>"
                   r"|<td>/[^<]*</td>|<option.*?</option>|<title>[^<]*</title>", re.S)


class Elements(HTMLParser):
    """Closes what it opens, and notes ids and what they are used for."""

    def __init__(self, text):
        super().__init__()
        self.open, self.ids, self.used = [], [], []
        self.feed(text)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.ids += [values["id"]] if "id" in values else []
        self.used += [values[name] for name in ("aria-labelledby", "for")
                      if name in values]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag


def page(language, state):
    done = subprocess.run([SHOW, language, state], capture_output=True,
                          check=True)
    return done.stdout


def check(language, state):
    body = page(language, state)
    text = body.decode()
    tag, direction = LANGUAGES[language]
    assert f'<html lang="{tag}" dir="{direction}">' in text
    elements = Elements(text)
    assert len(set(elements.ids)) == len(elements.ids), elements.ids
    assert set(elements.used) <= set(elements.ids), elements.used
    assert "style=" not in text and "://" not in text
    if language == "" and state == "":
        whole, packed = len(body), len(gzip.compress(body, 6))
        print(f"the page has {whole} bytes, {packed} of them compressed")
        assert whole < 60000 and packed < 15000


def check_words():
    """Of the words of the English page, none is left in another language."""
    def words(text):
        bare = re.sub(r"<[^>]*>", " ", NAMES.sub(" ", text))
        return set(re.findall(r"\b[a-z]{4,}\b", bare))
    english = words(page("en", "").decode())
    assert len(english) > 150
    own = {"mod_usage", "search", "desktop", "mobile", "deploy", "campaign",
           "newsletter", "release", "browser", "status", "server", "version", "curl", "example",
           "text"}
    left = english & words(page("ar", "").decode()) - own
    assert not left, left


if __name__ == "__main__":
    for one in LANGUAGES:
        for other in STATES:
            check(one, other)
    check_words()
    sys.exit(0)
