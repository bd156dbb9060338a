"""Sources that hold what may not be passed on: what a reader sees of them stays, the rest is gone and said."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
import sources
from conftest import DispatchFolder
from graph import broken
from planted import rezip, unzip
from test_attach import joined

from generator.base.problems import Where
from generator.check import check
from generator.dispatch.load import load_dispatch
from generator.office.active import active_content, admit
from generator.office.soundness import problems
from generator.word import join

WHERE = Where("某.docx")
FORWARD = """
kind: forward
issuing_authorities: [某某厅]
recipients: [各市局]
sources:
  a: {{title: 关于甲的通知, issuing_authorities: [某部], file: {file}, attach: append}}
"""
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_V, _O = "urn:schemas-microsoft-com:vml", "urn:schemas-microsoft-com:office:office"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_PIC = "http://schemas.openxmlformats.org/drawingml/2006/picture"
_WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
_MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_OUT = ' TargetMode="External"'


@dataclass(frozen=True)
class Harm:
    """A source with `xml` in its body and relationships id → (type, target); what is said of it, and what it shows."""

    xml: str
    said: tuple[str, ...] = ()
    shows: str = "看得见的文字"
    relations: tuple[tuple[str, str, str], ...] = ()
    others: tuple[tuple[str, bytes], ...] = ()


def run(text: str) -> str:
    return f"<w:r><w:t>{text}</w:t></w:r>"


def field(instruction: str, shown: str = "看得见的文字") -> str:
    marks = {kind: f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")}
    said = f"<w:r><w:instrText>{instruction}</w:instrText></w:r>"
    return f"<w:p>{marks['begin']}{said}{marks['separate']}{run(shown)}{marks['end']}</w:p>"


def drawing(blip: str) -> str:
    graphic = (
        f'<a:graphic xmlns:a="{_A}"><a:graphicData uri="{_PIC}"><pic:pic xmlns:pic="{_PIC}"><pic:nvPicPr>'
        f'<pic:cNvPr id="1" name="p"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip {blip} xmlns:r="{_REL}"/>'
        '</pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="90000" cy="90000"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>'
    )
    inline = f'<wp:inline xmlns:wp="{_WP}"><wp:extent cx="90000" cy="90000"/><wp:docPr id="7" name="p"/>{graphic}'
    return f"<w:p><w:r><w:drawing>{inline}</wp:inline></w:drawing></w:r>{run('看得见的文字')}</w:p>"


def shape(inner: str) -> str:
    return f'<v:shape xmlns:v="{_V}" xmlns:o="{_O}" id="_x1" style="width:40pt;height:20pt" o:ole="">{inner}</v:shape>'


EQUATION = (
    f'<w:p>{run("看得见的文字")}<w:r><w:object w:dxaOrig="800" w:dyaOrig="400">'
    + shape(f'<v:imagedata r:id="rIdPicture" xmlns:r="{_REL}" o:title=""/>')
    + f'<o:OLEObject xmlns:o="{_O}" Type="Embed" ProgID="Equation.3" ShapeID="_x1" DrawAspect="Content" '
    f'ObjectID="_1" r:id="rIdNew" xmlns:r="{_REL}"/></w:object></w:r></w:p>'
)
CHART = (
    f'<w:p><w:r><mc:AlternateContent xmlns:mc="{_MC}"><mc:Choice Requires="w14"><w:drawing>'
    f'<c:chart xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" r:id="rIdNew" xmlns:r="{_REL}"/>'
    "</w:drawing></mc:Choice><mc:Fallback><w:pict>"
    + shape(f'<v:imagedata r:id="rIdPicture" xmlns:r="{_REL}"/>').replace(' o:ole=""', "")
    + f"</w:pict></mc:Fallback></mc:AlternateContent></w:r>{run('看得见的文字')}</w:p>"
)
OLE = ("word/embeddings/a.bin", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
FIELD, LINK = ("fields that fetch or run made plain text: 1",), ("links to files or programs made plain text: 1",)
PICTURE = ("pictures that lie elsewhere left out, their place kept: 1",)


def link(target: str) -> Harm:
    xml = f'<w:p><w:hyperlink r:id="rIdNew" xmlns:r="{_REL}">{run("看得见的文字")}</w:hyperlink></w:p>'
    return Harm(xml, LINK, relations=(("hyperlink", target, _OUT),))


OLD_PICTURE = (
    "<w:p><w:r><w:pict>"
    + shape(f'<v:imagedata r:id="rIdNew" xmlns:r="{_REL}"/>').replace(' o:ole=""', "")
    + f"</w:pict></w:r>{run('看得见的文字')}</w:p>"
)
HARMS: dict[str, Harm] = {
    "a field's data": Harm(field(" REF a ").replace("<w:fldChar ", "<w:fldChar ", 1).replace(
        'w:fldCharType="begin"/>', 'w:fldCharType="begin"><w:fldData>ZQBKAHoA</w:fldData></w:fldChar>', 1)),
    "a simple field's data": Harm(
        f'<w:p><w:fldSimple w:instr=" REF a "><w:fldData>ZQBK</w:fldData>{run("看得见的文字")}</w:fldSimple></w:p>'
    ),
    "a bookmark that begins": Harm(f'<w:p><w:bookmarkStart w:id="71" w:name="x"/>{run("看得见的文字")}</w:p>'),
    "a bookmark that ends": Harm(f'<w:p>{run("看得见的文字")}<w:bookmarkEnd w:id="72"/></w:p>'),
    "a run outside a paragraph": Harm(run("看得见的") + run("文字")),
    "a run in a cell": Harm(
        f'<w:tbl><w:tblPr/><w:tblGrid><w:gridCol w:w="900"/></w:tblGrid><w:tr><w:tc>{run("看得见的文字")}<w:p/></w:tc>'
        "</w:tr></w:tbl>"
    ),
    "INCLUDEPICTURE": Harm(field(' INCLUDEPICTURE "http://example.com/a.png" '), FIELD),
    "DDEAUTO": Harm(field(" DDEAUTO excel a b "), FIELD),
    "LINK": Harm(field(" LINK Excel.Sheet.12 a.xlsx "), FIELD),
    "a field nobody knows": Harm(field(" FOO bar "), FIELD),
    "a link by a field to a file": Harm(field(' HYPERLINK "file:///C:/a.doc" '), FIELD),
    "javascript": link("javascript:SLC(34332,0)"),
    "a file": link("file:///D:/a.doc"),
    "a file on a server": link("\\\\server\\a.doc"),
    "a name of a file": Harm(link("a.doc").xml, LINK, relations=(("hyperlink", "file:a.doc", _OUT),)),
    "a picture elsewhere": Harm(
        drawing('r:link="rIdNew"'), PICTURE, relations=(("image", "http://example.com/a.png", _OUT),)
    ),
    "a picture on a disk": Harm(drawing('r:embed="rIdNew"'), PICTURE, relations=(("image", "file:///C:/a.png", _OUT),)),
    "a picture elsewhere and here": Harm(
        drawing('r:embed="rIdPicture" r:link="rIdNew"'), relations=(("image", "http://example.com/a.png", _OUT),)
    ),
    "an old picture elsewhere": Harm(
        OLD_PICTURE,
        PICTURE,
        relations=(("image", "http://example.com/a.png", _OUT),),
    ),
    "an equation": Harm(
        EQUATION,
        ("embedded objects kept as pictures: 1",),
        relations=(("oleObject", "embeddings/a.bin", ""),),
        others=(OLE,),
    ),
    "a chart with its picture": Harm(
        CHART,
        ("charts and drawings kept as pictures: 1",),
        relations=(("chart", "charts/c.xml", ""),),
        others=(("word/charts/c.xml", b"<c/>"),),
    ),
}  # fmt: skip


def package(harm: Harm) -> bytes:
    parts = sources.parts(extra=harm.xml)
    rels = "word/_rels/document.xml.rels"
    more = "".join(
        f'<Relationship Id="rIdNew" Type="{_REL}/{kind}" Target="{target}"{mode}/>'
        for kind, target, mode in harm.relations
    )
    parts[rels] = parts[rels].replace(b"</Relationships>", f"{more}</Relationships>".encode())
    types = '<Default Extension="bin" ContentType="application/vnd.openxmlformats-officedocument.oleObject"/>'
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"<Override", types.encode() + b"<Override", 1)
    return rezip({**parts, **dict(harm.others)})


@pytest.mark.parametrize("name", HARMS)
def test_what_is_seen_stays_and_what_is_gone_is_said(name: str) -> None:
    harm = HARMS[name]
    source = package(harm)
    assert join.examine(source, WHERE) == ([], list(harm.said))
    result = joined(sources.parts(), unzip(source))
    shown = re.sub(r"<[^>]*>", "", unzip(result)["word/document.xml"].decode())
    assert shown.count(harm.shows) == 1
    assert admit(result, WHERE)
    assert problems(result, WHERE) == []
    assert broken(unzip(result)) == []


def test_a_picture_that_lies_elsewhere_keeps_its_place() -> None:
    result = unzip(joined(sources.parts(), unzip(package(HARMS["a picture elsewhere"]))))
    document = result["word/document.xml"].decode()
    assert 'cx="90000"' in document
    assert "example.com" not in "".join(data.decode("latin-1") for data in result.values())


def test_twelve_of_a_kind_are_one_line() -> None:
    harm = HARMS["an equation"]
    many = Harm(harm.xml * 12, relations=harm.relations, others=harm.others)
    assert join.examine(package(many), WHERE) == ([], ["embedded objects kept as pictures: 12"])


def test_what_has_no_picture_is_refused_once_and_with_a_way_out_that_works() -> None:
    bare = re.sub(r"<v:imagedata[^>]*/>", "", EQUATION)
    refused, _omitted = join.examine(
        package(Harm(bare * 12, relations=HARMS["an equation"].relations, others=(OLE,))), WHERE
    )
    assert [problem.message for problem in refused] == ["it holds what cannot be appended: OLE"]
    assert "PDF" in refused[0].hint


@pytest.mark.parametrize(
    ("target", "admitted"),
    [
        ("file:///C:\\Users\\某\\Templates\\Normal.dotm", True),
        ("D:\\模板\\公文.dot", True),
        ("Normal.dotm", True),
        ("http://example.com/a.dotm", False),
        ("https://example.com/a.dotm", False),
        ("file://server/a.dotm", False),
        ("file://///server/a.dotm", False),
        ("file:////server/share/a.dotm", False),
        ("FILE:///C:/a.dotm", True),
        ("file:///%5C%5Cserver/a.dotm", False),
        ("file:///%2F%2Fserver/a.dotm", False),
        ("\\/server/a.dotm", False),
        (" http://example.com/a.dotm", False),
        ("h\tttp://example.com/a.dotm", False),
        ("\\\\server\\share\\a.dotm", False),
    ],
)
def test_a_template_on_its_authors_disk_harms_nobody(target: str, admitted: bool) -> None:
    parts = sources.parts()
    relation = f'<Relationship Id="rId1" Type="{_REL}/attachedTemplate" Target="{target}"{_OUT}/>'
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    parts["word/_rels/settings.xml.rels"] = f'<Relationships xmlns="{space}">{relation}</Relationships>'.encode()
    found = active_content(parts, WHERE)
    assert ["attachedTemplate" in problem.message for problem in found] == ([] if admitted else [True])


@pytest.mark.parametrize(
    ("attribute", "is_on"), [('w:enforcement="0"', False), ("", False), ('w:enforcement="1"', True)]
)
def test_protection_that_is_off_is_none(attribute: str, is_on: bool) -> None:
    parts = sources.parts()
    protection = f'<w:documentProtection w:edit="forms" {attribute}/>'.encode()
    settings = parts["word/settings.xml"]
    parts["word/settings.xml"] = re.sub(rb"(<w:settings[^>]*>)", rb"\1" + protection, settings, count=1)
    said = ["protection against changes dropped"] if is_on else []
    assert join.examine(rezip(parts), WHERE) == ([], said)


@pytest.mark.rendered
@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("网页.doc", "<html><head><meta charset='utf-8'></head><body><p>看得见的文字</p></body></html>".encode()),
        ("富文本.doc", b"{\\rtf1\\ansi\\ansicpg936 \\u30475?\\u24471?\\u35265?\\u30340?\\u25991?\\u23383?\\par}"),
        ("富文本.docx", b"{\\rtf1\\ansi\\ansicpg936 \\u30475?\\u24471?\\u35265?\\u30340?\\u25991?\\u23383?\\par}"),
    ],
)
def test_a_file_is_what_it_holds_whatever_it_is_called(name: str, data: bytes, dispatch_folder: DispatchFolder) -> None:
    spec = FORWARD.format(file=name)
    folder = dispatch_folder({"dispatch.yaml": spec, name: data})
    found = check(load_dispatch(folder))
    assert "source-converted" in {problem.code for problem in found}
    assert [problem for problem in found if problem.severity == "error"] == []


def test_a_password_is_told(dispatch_folder: DispatchFolder) -> None:
    locked = OLE[1] + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600)
    folder = dispatch_folder({"dispatch.yaml": FORWARD.format(file="来文.docx"), "来文.docx": locked})
    (found,) = [problem for problem in check(load_dispatch(folder)) if problem.severity == "error"]
    assert (found.code, "password" in found.message) == ("source-unreadable", True)
