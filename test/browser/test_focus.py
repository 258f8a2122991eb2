# SPDX-License-Identifier: Apache-2.0
"""Who goes through the page by keys sees where they are."""

import pytest

# Each that can have the focus: how its outline is drawn, its colour, and
# what may be behind it: its surroundings, and what is drawn on them. An
# outline drawn inwards lies on the element itself.
OUTLINES = """
const pen = new OffscreenCanvas(1, 1).getContext("2d",
                                                 {willReadFrequently: true});
const over = (below, colour) => {
  pen.fillStyle = `rgb(${below.slice(0, 3).join(" ")})`;
  pen.fillRect(0, 0, 1, 1);
  pen.fillStyle = colour;
  pen.fillRect(0, 0, 1, 1);
  return [...pen.getImageData(0, 0, 1, 1).data];
};
const opacity = (colour) => {
  pen.clearRect(0, 0, 1, 1);
  pen.fillStyle = colour;
  pen.fillRect(0, 0, 1, 1);
  return pen.getImageData(0, 0, 1, 1).data[3] / 255;
};
const behind = (one) => {
  if (one === null) {
    return [over([0, 0, 0], "Canvas")];
  }
  const style = getComputedStyle(one);
  const grounds = behind(one.parentElement).map(
    ground => over(ground, style.backgroundColor));
  const drawn = style.backgroundImage.match(/rgba?\\([^)]*\\)/g) ?? [];
  return [...grounds, ...drawn.map(colour => over(grounds[0], colour))];
};
const found = [];
for (const one of document.querySelectorAll("details")) {
  one.open = true;
}
for (const one of document.querySelectorAll(
  "a, button, input, select, summary, [tabindex]")) {
  if (!one.checkVisibility() || one.type === "hidden") {
    continue;
  }
  one.focus({focusVisible: true, preventScroll: true});
  const style = getComputedStyle(one);
  const isInside = parseFloat(style.outlineOffset) < 0;
  const grounds = behind(isInside ? one : one.parentElement);
  found.push({
    tag: one.tagName,
    name: one.outerHTML.slice(0, 120),
    hasFocus: document.activeElement === one,
    style: style.outlineStyle,
    width: parseFloat(style.outlineWidth),
    opacity: opacity(style.outlineColor) * parseFloat(style.opacity),
    pairs: grounds.map(ground => [over(ground, style.outlineColor), ground]),
  });
}
return found;
"""


def luminance(colour):
    """As WCAG 2.2 has it; red, green and blue are below 256."""
    def linear(part):
        part /= 255
        return part / 12.92 if part <= 0.04045 else \
            ((part + 0.055) / 1.055) ** 2.4
    red, green, blue = map(linear, colour[:3])
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("path", ["", "?lang=ar&f=device:mobile",
                                  "?panel=pages&limit=2&page=2"])
def test_every_link_shows_where_the_focus_is(look, path):
    """And each field, and what scrolls: by an outline of two pixels, of a
    colour that stands out from all that is behind it."""
    look.open("/usage-stats" + path)
    found = look.driver.execute_script(OUTLINES)
    assert len(found) > 30
    assert {"A", "BUTTON", "DIV", "INPUT", "SELECT", "SUMMARY"} <= {
        one["tag"] for one in found}
    for one in found:
        assert one["hasFocus"], one
        assert one["style"] == "solid", one
        assert one["width"] >= 2, one
        assert one["opacity"] > 0.9, one
        assert min(contrast(*pair) for pair in one["pairs"]) >= 3, one
