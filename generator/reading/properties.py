"""What applies to a paragraph and to a run of a .docx: its own properties, its styles', the document's defaults."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from lxml import etree

from generator.office.ooxml import W

VAL = f"{W}val"
_OFF = ("0", "false", "off", "none")
_MAX_STYLE_DEPTH = 12
_THEME_NS = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
Chain = Sequence[etree._Element]


def switched_on(element: etree._Element | None) -> bool:
    """Whether a w:b, w:vanish … is there and not switched off."""
    return element is not None and element.get(VAL, "true") not in _OFF


def number(value: str | None, default: int = 0) -> int:
    """A measure in twips; whatever is no number counts as the default."""
    try:
        return default if value is None else round(float(value))
    except ValueError:
        return default


class Properties:
    """The styles, defaults and theme of one document. Measures are in twips (1/20 pt), sizes in points."""

    def __init__(self, styles: etree._Element | None, theme: etree._Element | None) -> None:
        found = [] if styles is None else styles.findall(f"{W}style")
        self._styles: Mapping[str, etree._Element] = {style.get(f"{W}styleId", ""): style for style in found}
        default = (s for s in found if s.get(f"{W}type") == "paragraph" and s.get(f"{W}default", "0") not in _OFF)
        self._default = next((style.get(f"{W}styleId", "") for style in default), "")
        defaults = None if styles is None else styles.find(f"{W}docDefaults")
        self._defaults = defaults
        self._applied: dict[tuple[str, str], list[etree._Element]] = {}
        self._theme = theme

    def style_name(self, paragraph: etree._Element) -> str:
        return self.named(self._style_id(paragraph))

    def named(self, style_id: str) -> str:
        """The name of a style; "" for one that is not defined."""
        style = self._styles.get(style_id)
        name = None if style is None else style.find(f"{W}name")
        return "" if name is None else name.get(VAL, "")

    def _style_id(self, paragraph: etree._Element) -> str:
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        return self._default if style is None else style.get(VAL, "")

    def _based(self, style_id: str) -> list[etree._Element]:
        """A style and those that it is based on, nearest first."""
        found: list[etree._Element] = []
        while style_id in self._styles and len(found) < _MAX_STYLE_DEPTH:
            found.append(self._styles[style_id])
            based = found[-1].find(f"{W}basedOn")
            style_id = "" if based is None else based.get(VAL, "")
        return found

    def of_paragraph(self, paragraph: etree._Element) -> list[etree._Element]:
        """The w:pPr that apply, nearest first."""
        own = paragraph.find(f"{W}pPr")
        return [*([] if own is None else [own]), *self._of_style(self._style_id(paragraph), "pPr", defaults=True)]

    def of_run(self, run: etree._Element, paragraph: etree._Element) -> list[etree._Element]:
        """The w:rPr that apply, nearest first."""
        own = run.find(f"{W}rPr")
        style = None if own is None else own.find(f"{W}rStyle")
        character = [] if style is None else self._of_style(style.get(VAL, ""), "rPr", defaults=False)
        of_paragraph = self._of_style(self._style_id(paragraph), "rPr", defaults=True)
        return [*([] if own is None else [own]), *character, *of_paragraph]

    def _of_style(self, style_id: str, kind: str, *, defaults: bool) -> list[etree._Element]:
        """What a style and those that it is based on say of paragraphs (pPr) or runs (rPr), and the defaults."""
        if (style_id, kind + str(defaults)) not in self._applied:
            found = [style.find(f"{W}{kind}") for style in self._based(style_id)]
            if defaults and self._defaults is not None:
                found.append(self._defaults.find(f"{W}{kind}Default/{W}{kind}"))
            self._applied[style_id, kind + str(defaults)] = [each for each in found if each is not None]
        return self._applied[style_id, kind + str(defaults)]

    def font(self, chain: Chain, slot: str) -> tuple[str, bool]:
        """The font of a slot (ascii, eastAsia …), and whether a theme names it; in one w:rFonts the theme wins."""
        theme_key = f"{W}{'cstheme' if slot == 'cs' else slot + 'Theme'}"
        for fonts in _children(chain, "rFonts"):
            if theme := fonts.get(theme_key):
                return self._theme_font(theme), True
            if name := fonts.get(f"{W}{slot}"):
                return name, False
        return "", False

    def _theme_font(self, name: str) -> str:
        if self._theme is None:
            return ""
        group = self._theme.find(f".//{_THEME_NS}{'majorFont' if name.startswith('major') else 'minorFont'}")
        if group is None:
            return ""
        kind = "ea" if name.endswith("EastAsia") else "latin"
        face = group.find(f"{_THEME_NS}{kind}")
        typeface = "" if face is None else face.get("typeface", "")
        if typeface or kind == "latin":
            return typeface
        scripts = (font for font in group.findall(f"{_THEME_NS}font") if font.get("script") == "Hans")
        return next((font.get("typeface", "") for font in scripts), "")


def _children(chain: Chain, name: str) -> Iterator[etree._Element]:
    for properties in chain:
        child = properties.find(f"{W}{name}")
        if child is not None:
            yield child


def attribute(chain: Chain, name: str, *keys: str) -> str | None:
    """The nearest value of any of the attributes of a property; attributes are inherited one by one."""
    for child in _children(chain, name):
        for key in keys:
            if (value := child.get(f"{W}{key}")) is not None:
                return value
    return None


def value(chain: Chain, name: str, default: str = "") -> str:
    """The nearest w:val of a property."""
    found = attribute(chain, name, "val")
    return default if found is None else found


def switch(chain: Chain, name: str, default: bool = False) -> bool:
    """The nearest switch of that name."""
    nearest = next(_children(chain, name), None)
    return default if nearest is None else switched_on(nearest)
