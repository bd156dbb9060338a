"""A source's theme written out: fonts and colours by name, so that they stay what they are under another theme."""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from generator.office.ooxml import W
from generator.word.join.source import Source

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_FONTS = {"asciiTheme": "ascii", "hAnsiTheme": "hAnsi", "eastAsiaTheme": "eastAsia", "cstheme": "cs"}
_SCRIPTS = {"ascii": "latin", "hansi": "latin", "eastasia": "ea", "bidi": "cs"}
_HAN = {"zh-cn": "Hans", "zh-sg": "Hans", "zh-tw": "Hant", "zh-hk": "Hant", "ja-jp": "Jpan", "ko-kr": "Hang"}
_COLOURS = ("themeColor", "themeTint", "themeShade", "themeFill", "themeFillTint", "themeFillShade")
_SLOTS = {"tx1": "dk1", "bg1": "lt1", "tx2": "dk2", "bg2": "lt2"}


class Theme:
    """The fonts and colours of a source's theme; without one, references to it say nothing."""

    def __init__(self, source: Source) -> None:
        self._theme = source.root("theme")
        settings = source.root("settings")
        language = None if settings is None else settings.find(f"{W}themeFontLang")
        east = "" if language is None else language.get(f"{W}eastAsia", "")
        self._script = _HAN.get(east.lower(), "Hans")
        self._colours = self._read_colours()

    def write_out(self, root: etree._Element) -> None:
        """Replaces every reference to the theme below `root` by what it stands for."""
        for fonts in root.iter(f"{W}rFonts"):
            for key, plain in _FONTS.items():
                name = self._font(str(fonts.attrib.pop(f"{W}{key}", "")))
                if name:
                    fonts.set(f"{W}{plain}", name)
        for element in root.iter(etree.Element):
            if str(element.tag).startswith(W):
                for key in _COLOURS:
                    element.attrib.pop(f"{W}{key}", "")
        for colour in list(root.iter(f"{_A}schemeClr")):
            if value := self._colours.get(_SLOTS.get(colour.get("val", ""), colour.get("val", ""))):
                colour.tag = f"{_A}srgbClr"
                colour.set("val", value)

    def _font(self, reference: str) -> str:
        """The font of minorEastAsia and the like (17.18.96)."""
        kind = "major" if reference.startswith("major") else "minor"
        script = _SCRIPTS.get(reference.removeprefix(kind).lower(), "latin")
        fonts = None if self._theme is None else self._theme.find(f".//{_A}{kind}Font")
        if fonts is None or not reference:
            return ""
        plain = fonts.find(f"{_A}{script}")
        name = "" if plain is None else plain.get("typeface", "")
        if not name and script == "ea":
            by_script = (font for font in fonts.findall(f"{_A}font") if font.get("script") == self._script)
            name = next((font.get("typeface", "") for font in by_script), "")
        return name

    def _read_colours(self) -> Mapping[str, str]:
        scheme = None if self._theme is None else self._theme.find(f".//{_A}clrScheme")
        found = {}
        for slot in () if scheme is None else scheme:
            for colour in slot:
                found[str(slot.tag).removeprefix(_A)] = colour.get("lastClr") or colour.get("val") or ""
        return found
