"""Superiors' documents of every kind, made part by part: what an appended source may bring along.

`source("landscape", "footnotes")` is a document with these features; `FEATURES` names them all. Each is a piece of the
body (tests/source_parts/features); all documents share styles, theme, lists, notes and settings, which differ from ours
in everything that could reach over.
"""

from __future__ import annotations

import base64
from pathlib import Path

from planted import rezip

PARTS = Path(__file__).parent / "source_parts"
FEATURES = {path.stem: path.read_text("utf-8") for path in sorted((PARTS / "features").iterdir())}
"""The XML of each feature, by name."""
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR4nGP4z8AARAwQCgAf7gP9i18U1AAAAABJRU5ErkJggg=="
)
PORTRAIT = (
    '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1440" w:right="1800" w:bottom="1440" w:left="1800" '
    'w:header="851" w:footer="992" w:gutter="0"/>'
)
GRID = '<w:docGrid w:type="lines" w:linePitch="312"/>'

_OFFICE = "http://schemas.openxmlformats.org"
_PACKAGE = f"{_OFFICE}/package/2006"
_RELATION = f"{_OFFICE}/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument"
_WORD = f"{_TYPE}.wordprocessingml"
_SPACES = " ".join(
    f'xmlns:{prefix}="{space}"'
    for prefix, space in {
        "w": f"{_OFFICE}/wordprocessingml/2006/main",
        "r": _RELATION,
        "a": f"{_OFFICE}/drawingml/2006/main",
        "wp": f"{_OFFICE}/drawingml/2006/wordprocessingDrawing",
        "pic": f"{_OFFICE}/drawingml/2006/picture",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "wpg": "http://schemas.microsoft.com/office/word/2010/wordprocessingGroup",
        "m": f"{_OFFICE}/officeDocument/2006/math",
        "o": "urn:schemas-microsoft-com:office:office",
        "mc": f"{_OFFICE}/markup-compatibility/2006",
        "v": "urn:schemas-microsoft-com:vml",
        "w14": "http://schemas.microsoft.com/office/word/2010/wordml",
    }.items()
)
_ROOTS = {"header1": "hdr", "header2": "hdr", "header3": "hdr", "footer1": "ftr"}
_PARTS = {  # part: its relationship's id and type, its content type
    "styles": ("rIdStyles", "styles", f"{_WORD}.styles+xml"),
    "numbering": ("rIdNumbering", "numbering", f"{_WORD}.numbering+xml"),
    "settings": ("rIdSettings", "settings", f"{_WORD}.settings+xml"),
    "footnotes": ("rIdFootnotes", "footnotes", f"{_WORD}.footnotes+xml"),
    "comments": ("rIdComments", "comments", f"{_WORD}.comments+xml"),
    "theme1": ("rIdTheme", "theme", f"{_TYPE}.theme+xml"),
    "header1": ("rIdHeader1", "header", f"{_WORD}.header+xml"),
    "header2": ("rIdHeader2", "header", f"{_WORD}.header+xml"),
    "header3": ("rIdHeader3", "header", f"{_WORD}.header+xml"),
    "footer1": ("rIdFooter", "footer", f"{_WORD}.footer+xml"),
}


def text(words: str) -> str:
    """A paragraph."""
    return f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p>"


END = text("来文末段")


def source(*features: str, extra: str = "", end: str = END, last: str = PORTRAIT + GRID) -> bytes:
    """A document with these features, then `extra` XML; `last` is the inside of the section that ends it."""
    return rezip(parts(*features, extra=extra, end=end, last=last))


def parts(*features: str, extra: str = "", end: str = END, last: str = PORTRAIT + GRID) -> dict[str, bytes]:
    """The parts of such a document."""
    named = {name: part for name, part in _PARTS.items() if name != "comments" or name in features}
    body = "".join(
        [
            text("关于来文的通知"),
            *(FEATURES[name] for name in features),
            extra,
            end,
        ]
    )
    picture = ("image", "media/image1.png")
    texts = {
        "[Content_Types].xml": _content_types(named),
        "_rels/.rels": _relations({"rId1": ("officeDocument", "word/document.xml")}),
        "word/_rels/document.xml.rels": _relations(
            {
                **{identity: (kind, f"{name}.xml") for name, (identity, kind, _type) in named.items()},
                "rIdPicture": picture,
                "rIdLink": ("hyperlink", "https://example.org/"),
            }
        ),
        "word/_rels/header1.xml.rels": _relations({"rIdPicture": picture}),
        "word/_rels/numbering.xml.rels": _relations({"rIdBullet": picture}),
        "word/document.xml": _story("document", f"<w:body>{body}<w:sectPr>{last}</w:sectPr></w:body>"),
    }
    for name in named:
        xml = (PARTS / f"{name}.xml").read_text("utf-8")
        texts[f"word/{name}.xml"] = _story(_ROOTS[name], xml) if name in _ROOTS else xml
    return {**{name: xml.encode() for name, xml in texts.items()}, "word/media/image1.png": PICTURE}


def _story(tag: str, content: str) -> str:
    return f'<w:{tag} {_SPACES} mc:Ignorable="w14">{content}</w:{tag}>'


def _content_types(named: dict[str, tuple[str, str, str]]) -> str:
    main = {"document": ("", "", f"{_WORD}.document.main+xml")}
    overrides = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{kind}"/>'
        for name, (_id, _relation, kind) in {**main, **named}.items()
    )
    rels = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    png = '<Default Extension="png" ContentType="image/png"/>'
    return f'<Types xmlns="{_PACKAGE}/content-types">{rels}{png}{overrides}</Types>'


def _relations(targets: dict[str, tuple[str, str]]) -> str:
    """The relationships of a part: id → type and target; an address is outside the package."""
    outside = ' TargetMode="External"'
    lines = "".join(
        f'<Relationship Id="{identity}" Type="{_RELATION}/{kind}" Target="{target}"{outside * ("://" in target)}/>'
        for identity, (kind, target) in targets.items()
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{lines}</Relationships>'
