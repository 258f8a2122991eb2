# SPDX-License-Identifier: Apache-2.0
"""The page without its script is the same page."""

import threading

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

PAGES = {"all": "", "alone": "?panel=pages&limit=2&page=2",
         "arabic": "?lang=ar&site=other.test&f=device:mobile&period=7d"}

# What the reader is given, by its kind; and all that has words of its own.
KINDS = {
    "parts": "section[id], main > *",
    "tiles": ".tiles > li",
    "controls": "header :is(a, button, input, select, option, summary)",
    "links": "a[href]",
    "tables": "table",
    "drawings": "main svg",
    "words": "body *",
}

SEE = """
const isSeen = (one) => {
  const box = one.getBoundingClientRect();
  return box.width > 0 && box.height > 0 && one.checkVisibility(
    {opacityProperty: true, visibilityProperty: true});
};
const own = (one) => [...one.childNodes].map(
  node => node.nodeType === Node.TEXT_NODE ? node.data.trim() : "").join("");
const told = (one) => {
  const box = one.getBoundingClientRect();
  const place = [box.x, box.y, box.width, box.height].map(Math.round);
  return [one.tagName, one.id, one.getAttribute("href"),
          one.getAttribute("aria-label"), one.innerText ?? own(one),
          ...place].join("|");
};
const [which, isHelp, isOfWords] = arguments;
return [...document.querySelectorAll(which)]
  .filter(one => (one.closest("#keys") !== null) === isHelp)
  .filter(one => isSeen(one) || one.tagName === "OPTION")
  .filter(one => !isOfWords || own(one) !== "")
  .map(told);
"""

UNFOLD = """
scrollTo(0, 0);
for (const one of document.querySelectorAll("details")) {
  one.open = true;
}
return matchMedia("(scripting: enabled)").matches;
"""


class Kept(BaseHTTPRequestHandler):
    """Answers as the server once did, which is asked once for each path."""

    def do_GET(self):
        kept = self.server.kept
        if self.path not in kept:
            kept[self.path] = self.server.source.get(self.path)
        answer = kept[self.path]
        self.send_response(answer.status)
        for name in ("Content-Type", "Content-Security-Policy"):
            if name in answer.headers:
                self.send_header(name, answer.headers[name])
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, *_):
        """Nothing is logged."""


@pytest.fixture
def moment(look, monkeypatch):
    """A look at the page as it was at one moment."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Kept) as keeper:
        keeper.kept = {}
        keeper.source = look.server
        threading.Thread(target=keeper.serve_forever, daemon=True).start()
        monkeypatch.setattr(look, "root",
                            f"http://127.0.0.1:{keeper.server_port}")
        yield look
        look.driver.get("about:blank")
        look.requests()  # the next test's are its own
        keeper.shutdown()


def seen(look, path, is_scripted):
    """{kind: what is seen of it} outside the keys' help, and what is seen of
    that; all that can be unfolded is."""
    look.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled",
                                {"value": not is_scripted})
    try:
        look.open(path)
        assert look.driver.execute_script(UNFOLD) == is_scripted
        return ({kind: look.driver.execute_script(SEE, which, False,
                                                 kind == "words")
                 for kind, which in KINDS.items()},
                look.driver.execute_script(SEE, "#keys *", True, True))
    finally:
        look.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled",
                                    {"value": False})


@pytest.mark.parametrize("state", PAGES)
def test_without_script_only_the_help_for_keys_is_missing(moment, state):
    """All else is seen with the same words, at the same place."""
    path = "/usage-stats" + PAGES[state]
    page, keys = seen(moment, path, True)
    plain, no_keys = seen(moment, path, False)
    for kind in KINDS:
        if kind != "tiles" or state != "alone":
            assert page[kind], kind
        assert plain[kind] == page[kind], kind
    assert no_keys == []
    assert len(keys) > 20
