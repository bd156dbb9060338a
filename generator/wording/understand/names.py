"""Names of bodies, document numbers and titles: what tells each from other words, and what each is made of."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.wording.understand.paragraphs import HAN

TYPES = (
    "通知|通报|通告|公告|公示|意见|函|决定|决议|命令|令|批复|请示|报告|纪要|方案|办法|细则|规定|规程|规划|计划|"
    "指南|纲要|条例|要点|倡议书|邀请书|措施"
)
"""Kinds of documents by the last word of their titles; the first row is those of the regulation of 2012, article 8."""
_HEADED = "关于|转发|印发|批转|发布|下发|举办|开展"
_TITLE_END = re.compile(rf"(?:{TYPES})(?:[》〉”])?(?:[（(][^（）()]{{1,14}}[）)])?$")
_PLAIN_END = re.compile(r"(?:通知|通报|通告|公告|公示)(?:[》〉”])?(?:[（(][^（）()]{1,14}[）)])?$")
_NOT_TITLE = re.compile(
    r"[。；！？!;]|[：:]$|^(?:附件|来源|时间|作者|发布|本地|页面|当前|首页|原文|标题|抄送|主送|https?:|#)|\.(?:docx?|pdf|xlsx?|htm)"
)
_BODIES = (
    "部委|部|委员会|委|办公室|办|局|厅|法院|检察院|学院|研究院|医院|党校|院|协会|学会|联合会|总工会|工会|商会|基金会|学生会|会|中心|处|科|室|所|社|公司|集团"
    "|联|馆|站|总队|支队|大队|队|政府|大学|学校|中学|小学|幼儿园|中央|领导小组|小组|组|团委|电台|报社|兵团|党组|支部|司|署|银行|基地|园|府|局處|處|會|館|辦"
)
_BODY = re.compile(rf"^[{HAN}A-Za-z（）()·“”\"+]{{1,40}}(?:{_BODIES}|在线)(?:[（(][^（）()]{{1,12}}[）)])?$")
_NO_BODY = re.compile(
    r"^(?:附|表|第[一二三四五六七八九十\d]|[一二三四五六七八九十]、|注|联系|承办单位|主办单位|填报|报送|特此|各|有关|请|将|为|关于|转发|下载|文件|相关)|下载$|^相关"
)
NUMBER = (
    rf"(?:[{HAN}A-Za-z]{{1,20}}[字发函办]?(?P<open>[〔\[【﹝（(［])(?P<year>(?:19|"
    rf"20)\d{{2}})[年]?[〕\]】﹞）)］]?第?(?P<serial>[\dO〇○]{{1,4}})号[〕\]】﹞）)］]?)"
)
_TAIWAN = rf"(?:[{HAN}]{{2,12}}字第[0-9A-Z]{{6,14}}[號号])"
_NUMBER = re.compile(rf"{NUMBER}|{_TAIWAN}")
_FULL_NUMBER = re.compile(rf"(?:{NUMBER}|{_TAIWAN})")
_UNBRACKETED = re.compile(rf"^[{HAN}]{{2,12}}[字发函办](?:19|20)\d{{2}}[（(]?\d{{1,4}}号[）)]?$")


def is_title_end(text: str) -> bool:
    """Whether a line without blanks may be a title, or the last line of one."""
    if text in ("通知", "通报", "公告", "的通知", "的通报"):
        return True
    if not 6 <= len(text) <= 120 or _NOT_TITLE.search(text):
        return False
    # 某局函 is the mark of a letter, 年度计划 a heading: such words end a title only where it says what it is about.
    return bool(_TITLE_END.search(text)) and bool(_PLAIN_END.search(text) or re.search("关于|的", text))


def is_headed(text: str) -> bool:
    """Whether a title says what it is about, so that no line above is wanting."""
    return re.search(_HEADED, text) is not None


def is_body(text: str) -> bool:
    """Whether a text without blanks reads as the name of one body."""
    return bool(_BODY.match(text)) and not _NO_BODY.search(text)


def bodies(line: str) -> list[str]:
    """The bodies that a line names, set apart by blanks; empty when it is anything else. Each without blanks."""
    parts = re.split(r" +", line.strip())
    if len(parts) > 1 and all(is_body(part) for part in parts):
        return parts
    whole = "".join(parts)
    return [whole] if is_body(whole) else []


def whole_number(text: str) -> bool:
    """Whether a line is a document number and nothing else."""
    return bool(_FULL_NUMBER.fullmatch(text) or _UNBRACKETED.match(text))


def cited(text: str) -> Iterator[tuple[int, int, str]]:
    """Each title within 《》, outermost marks only, as (start, end, title) of what stands between them."""
    start, depth = 0, 0
    for place, character in enumerate(text):
        if character == "《":
            depth += 1
            start = place + 1 if depth == 1 else start
        elif character == "》" and depth:
            depth -= 1
            if not depth:
                yield start, place, text[start:place]


def document_type(title: str) -> str:
    """The kind of a document, from the end of its title; empty when it ends in none."""
    match = re.search(rf"({TYPES})(?:[》〉”])?(?:[（(][^（）()]{{1,14}}[）)])?$", title)
    return match[1] if match else ""


def title_issuers(title: str) -> list[str]:
    """The bodies that a title names in front of what it is about: 甲局、乙局关于…, 转发甲局关于…."""
    match = re.match(r"^(?:转发|转)?[：:]?(?P<front>[^《“]{2,200}?)(?:关于|转发|批转|印发)", title.replace(" ", "\x1f"))
    if not match:
        return []
    front = re.sub(r"等[一二三四五六七八九十\d]+(?:部门|单位|家).*$", "", match["front"])
    parts = [part for part in re.split("[、\x1f]", front) if part]
    if parts and all(is_body(part) for part in parts):
        return parts
    whole = "".join(parts)
    return [whole] if is_body(whole) else []
