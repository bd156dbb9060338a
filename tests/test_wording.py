"""Wording against what real notices say: every row is a phrase that one of them, or the standard, has."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from generator import wording
from generator.dispatch.spec import Contact, Deadline, Event, Evidence, Quantity, Source, Spec

LESSON = "关于在全国技工院校开展2026年秋季学期开学第一课活动的通知"
DIVISION = "人力资源社会保障部职业能力建设司"
FOUR = ["浙江省教育技术中心", "浙江教育报刊总社", "浙江教育出版集团", "浙江在线"]


def make(**values: Any) -> Spec:
    return Spec.model_validate({"issuing_authorities": ["甲市教育局"], "recipients": ["各区县教育局"]} | values)


def source(title: str, *issuers: str, **values: Any) -> dict[str, Any]:
    return {"title": title, "issuing_authorities": list(issuers), **values}


TITLES = [
    # a 通知: no second 关于, no doubled 的通知
    ([source(LESSON, DIVISION)], f"甲市教育局转发{DIVISION}{LESSON}"),
    ([source(LESSON)], f"甲市教育局转发{LESSON}"),
    (
        [source("教育部办公厅关于防范踩踏的紧急通知", "教育部办公厅")],
        "甲市教育局转发教育部办公厅关于防范踩踏的紧急通知",
    ),
    ([source("教育部办公厅关于防范踩踏的通知")], "甲市教育局转发教育部办公厅关于防范踩踏的通知"),
    ([source(f"《{LESSON}》", DIVISION)], f"甲市教育局转发{DIVISION}{LESSON}"),
    ([source("关于举办工作室评选的通知", *FOUR)], "甲市教育局转发浙江省教育技术中心等四单位关于举办工作室评选的通知"),
    ([source("A厅 B局关于评选的通知", "A厅", "B局")], "甲市教育局转发A厅 B局关于评选的通知"),
    ([source("关于评选的通知", "A厅", "B局")], "甲市教育局转发A厅、B局关于评选的通知"),
    (
        [source("教育部等十部门关于做好活动周工作的通知", "教育部", "中央宣传部")],
        "甲市教育局转发教育部等十部门关于做好活动周工作的通知",
    ),
    ([source("海关总署关于通关的通知")], "甲市教育局转发海关总署关于通关的通知"),
    # other kinds keep their own word, in quotation marks
    ([source("关于拥挤踩踏事故的紧急通报", "教育部办公厅")], "甲市教育局关于转发《关于拥挤踩踏事故的紧急通报》的通知"),
    ([source("关于拟表彰对象的公示", "省教育厅")], "甲市教育局关于转发《关于拟表彰对象的公示》的通知"),
    ([source("关于做好征集的函", "省教育厅")], "甲市教育局关于转发《关于做好征集的函》的通知"),
    ([source("教育部令第40号", "教育部")], "甲市教育局关于转发《教育部令第40号》的通知"),
    ([source("关于表彰先进的决定", "省政府")], "甲市教育局关于转发《关于表彰先进的决定》的通知"),
    ([source("2026年活动安排", "省教育厅")], "甲市教育局关于转发《2026年活动安排》的通知"),
    # an opinion or a plan
    ([source("关于加强科技教育的意见", "教育部")], "甲市教育局转发教育部关于加强科技教育意见的通知"),
    ([source("教育部关于加强科技教育的意见", "教育部")], "甲市教育局转发教育部关于加强科技教育意见的通知"),
    (
        [source("关于加强科技教育的意见（试行）", "教育部")],
        "甲市教育局关于转发《关于加强科技教育的意见（试行）》的通知",
    ),
    ([source("中小学班主任工作规定", "教育部")], "甲市教育局转发教育部《中小学班主任工作规定》的通知"),
    # a chain: the first document only, never 的通知的通知
    ([source("省中心转发部中心关于发布《指南》的通知", "省中心")], "甲市教育局转发部中心关于发布《指南》的通知"),
    ([source("转发部中心《指南》的通知", "省中心")], "甲市教育局转发部中心《指南》的通知"),
    ([source("省教育厅关于转发《教育部关于X的通知》的通知", "省教育厅")], "甲市教育局转发教育部关于X的通知"),
    ([source("转发乙厅转发《丙部关于X的通知》的通知", "省教育厅")], "甲市教育局转发丙部关于X的通知"),
    ([source("关于X的通知", "省教育厅", forwards="国家汉办《关于X的通知》")], "甲市教育局转发国家汉办关于X的通知"),
    # several sources
    ([source("甲通知"), source("乙公告")], "甲市教育局关于转发《甲通知》《乙公告》的通知"),
    ([source("甲"), source("乙"), source("丙")], "甲市教育局关于转发《甲》等三个文件的通知"),
    ([source("关于X的通知", "省厅"), source("某条例", based_on=True)], "甲市教育局转发省厅关于X的通知"),
]


@pytest.mark.parametrize(("sources", "expected"), TITLES)
def test_title_is_derived_from_the_source(sources: list[dict[str, Any]], expected: str) -> None:
    spec = make(sources={f"s{number}": one for number, one in enumerate(sources)})
    assert wording.title(spec) == expected
    assert "的通知的通知" not in expected


QUOTED = [
    (source(LESSON, DIVISION), f"甲市教育局关于转发《{LESSON}》的通知"),
    (source("关于印发《办法》的通知", "省厅"), "甲市教育局关于转发《关于印发〈办法〉的通知》的通知"),
    (source("省厅转发教育部关于X的通知", "省厅"), "甲市教育局关于转发《教育部关于X的通知》的通知"),
]


@pytest.mark.parametrize(("one", "expected"), QUOTED)
def test_quoted_title(one: dict[str, Any], expected: str) -> None:
    assert wording.title(make(title_style="quoted", sources={"s": one})) == expected


ISSUERS = [
    (["甲局", "乙局"], "甲局 乙局"),
    (["甲局", "乙局", "丙局"], "甲局 乙局 丙局"),
    (["甲局", "乙局", "丙局", "丁局"], "甲局等四部门"),
    ([f"第{number}局" for number in range(10)], "第0局等十部门"),
    (["职业教育学会", "乙", "丙", "丁"], "职业教育学会等四单位"),
    ([{"name": "甲市人力资源和社会保障局", "short_name": "市人社局"}], "市人社局"),
]


@pytest.mark.parametrize(("authorities", "expected"), ISSUERS)
def test_joint_issuers(authorities: list[Any], expected: str) -> None:
    spec = make(issuing_authorities=authorities, sources={"s": source("关于X的通知")})
    assert wording.title(spec) == f"{expected}转发关于X的通知"


def test_a_given_title_wins_and_a_notice_derives_none() -> None:
    assert wording.title(make(title="转发：X", sources={"s": source(LESSON)})) == "转发：X"
    assert wording.title(make(kind="notice", sources={"s": source(LESSON)})) == ""


TYPES = [
    ("关于X的通知", "通知"),
    ("关于X的紧急通报", "通报"),
    ("关于X的公示", "公示"),
    ("关于X的复函", "函"),
    ("部令第40号", "令"),
    ("部令（第40号）", "令"),
    ("意见（试行）", "意见"),
    ("办法（2020年版）", "办法"),
    ("活动安排", None),
    ("《X条例》", "条例"),
]


@pytest.mark.parametrize(("text", "expected"), TYPES)
def test_source_type(text: str, expected: str | None) -> None:
    assert wording.source_type(Source.model_validate({"title": text})) == expected


def test_a_given_document_type_wins() -> None:
    assert wording.source_type(Source.model_validate({"title": "X", "document_type": "公告"})) == "公告"


NUMBERS = [
    ("人社职司便函〔2022〕33 号", "人社职司便函〔2022〕33号"),
    ("教职成函﹝2022﹞3号", "教职成函〔2022〕3号"),
    ("浙教办函[2O20] 06号", "浙教办函〔2020〕6号"),
    ("甲教【２０２０】第05号", "甲教〔2020〕5号"),
    ("甲教（办）（2020）5", "甲教（办）〔2020〕5号"),
    ("甲教〔二〇二〇〕5号", "甲教〔二〇二〇〕5号"),
    ("国务院令 第5号", "国务院令第5号"),
    ("甲教〔2026〕10号", "甲教〔2026〕10号"),
]


@pytest.mark.parametrize(("written", "normal"), NUMBERS)
def test_document_number(written: str, normal: str) -> None:
    assert wording.document_number(written) == normal


CITATIONS = [
    (
        source(LESSON, DIVISION, document_number="人社职司便函[2026]33 号"),
        f"{DIVISION}《{LESSON}》（人社职司便函〔2026〕33号）",
    ),
    (source("教育部办公厅关于X的通报", "教育部办公厅"), "《教育部办公厅关于X的通报》"),
    (source("关于印发《〈办法〉细则》的通知"), "《关于印发〈《办法》细则〉的通知》"),
    (source("关于X的通知", "甲部", "乙部", "丙部", "丁部"), "甲部等四部门《关于X的通知》"),
]


@pytest.mark.parametrize(("one", "expected"), CITATIONS)
def test_citation(one: dict[str, Any], expected: str) -> None:
    assert wording.cite(Source.model_validate(one)) == expected


def test_a_numbered_source_is_cited_with_its_attachment() -> None:
    one = source("关于X的通知", "甲部", document_number="甲〔2026〕1号", numbered=True)
    assert wording.cite_in(make(sources={"s": one}), "s") == "甲部《关于X的通知》（甲〔2026〕1号，见附件）"
    several = make(sources={"s": one}, forms={"f": {"title": "统计表"}})
    assert wording.cite_in(several, "s") == "甲部《关于X的通知》（甲〔2026〕1号，附件1）"


OPENINGS = [
    ({}, True, "现将甲部《X》转发给你们，并提出如下工作要求，请一并抓好落实。"),
    ({}, False, "现将甲部《X》转发给你们，请认真贯彻执行。"),
    (
        {"join": "并结合我省实际提出如下要求", "order": "请一并贯彻执行。"},
        True,
        "现将甲部《X》转发给你们，并结合我省实际提出如下要求，请一并贯彻执行。",
    ),
    ({"join": "并将有关事项通知如下："}, True, "现将甲部《X》转发给你们，并将有关事项通知如下。"),
    ({"transmit": "转发你们"}, False, "现将甲部《X》转发你们，请认真贯彻执行。"),
]


@pytest.mark.parametrize(("slots", "requirements", "expected"), OPENINGS)
def test_opening(slots: dict[str, str], requirements: bool, expected: str) -> None:
    spec = make(sources={"s": source("X", "甲部")}, opening=slots)
    assert wording.opening(spec, requirements=requirements) == expected


def test_opening_of_several_sources_and_of_none() -> None:
    three = {name: source(name.upper()) for name in ("a", "b", "c")}
    assert wording.opening(make(sources=three)).startswith("现将《A》、《B》和《C》转发给你们，")
    assert wording.opening(make(kind="notice", sources=three)) == ""


def test_an_issuer_of_all_sources_is_named_once() -> None:
    same = {
        "a": source("A", "甲部", document_number="甲〔2026〕1号"),
        "b": source("B", "甲部"),
        "c": source("C", "甲部"),
    }
    assert wording.opening(make(sources=same)).startswith("现将甲部《A》（甲〔2026〕1号）、《B》和《C》转发给你们，")
    other = {**same, "c": source("C", "乙部")}
    assert wording.opening(make(sources=other)).startswith(
        "现将甲部《A》（甲〔2026〕1号）、甲部《B》和乙部《C》转发给你们，"
    )


EVENT = {"name": "活动", "start": "2026-05-23", "end": "2026-05-29"}
DEADLINES = [
    # due, words, the last day
    ("2026-09-10", "9月10日前", "2026-09-10"),
    ("2027-01-15", "2027年1月15日前", "2027-01-15"),
    ("2026-09-10 17:00", "9月10日17时前", "2026-09-10"),
    ("2026-09-10T09:30", "9月10日9时30分前", "2026-09-10"),
    ({"date": "2026-09-10", "before": "off_work"}, "9月10日下班前", "2026-09-10"),
    ({"date": "2026-09-10", "before": "noon"}, "9月10日中午前", "2026-09-10"),
    ({"after": "event.end", "days": "2"}, "活动结束后2日内", "2026-05-31"),
    ({"after": "event.end", "working_days": "5"}, "活动结束后5个工作日内", "2026-06-05"),
    ({"after": "event.start", "days": "0"}, "活动开始当日", "2026-05-23"),
    ({"after": "event.end"}, "活动结束后及时", None),
    ({"after": "date_of_issue", "working_days": "3"}, "本通知印发后3个工作日内", "2026-05-06"),
    ({"start": "2026-06-30", "end": "2026-07-20"}, "6月30日—7月20日", "2026-07-20"),
    ({"start": "2026-06-30", "end": "2026-07-20", "time": "17:00"}, "6月30日—7月20日17时", "2026-07-20"),
    ({"after": "event.end", "days": "2", "time": "17:00"}, "活动结束后第2日17时前", "2026-05-31"),
    ({"after": "event.end", "days": "0", "time": "17:00"}, "活动结束当日17时前", "2026-05-29"),
    ({"after": "event.end", "working_days": "5", "before": "off_work"}, "活动结束后第5个工作日下班前", "2026-06-05"),
    ({"after": "event.end", "weeks": "2"}, "活动结束后两周内", "2026-06-12"),
    ({"start": "2026-12-30", "end": "2027-01-05"}, "12月30日—2027年1月5日", "2027-01-05"),
    ({"start": "2027-01-04", "end": "2027-01-05"}, "2027年1月4日—1月5日", "2027-01-05"),
    ({"daily": "10:00"}, "每日10时前", None),
    ({"daily": "10:00", "during": "event"}, "活动期间每日10时前", None),
    ({"daily": "10:00", "next_day": "true"}, "次日上午10时前", None),
    ({"daily": "10:00", "next_day": "true", "during": "event"}, "活动次日上午10时前", None),
    ({"daily": "14:00", "next_day": "true", "during": "event"}, "活动次日14时前", None),
    ({"monthly": "13"}, "每月13日前", None),
    ({"monthly": "last"}, "每月底前", None),
    ({"monthly": "13", "time": "17:00"}, "每月13日17时前", None),
    ({"monthly": "last", "time": "17:00"}, "每月最后一日17时前", None),
    ({"monthly": "13", "during": "event"}, "活动期间每月13日前", None),
    ({"yearly": "02-end"}, "每年2月底前", None),
    ({"yearly": "02-28"}, "每年2月28日前", None),
    ({"month": "2026-11"}, "11月底前", "2026-11-30"),
    ({"month": "2027-01", "part": "early"}, "2027年1月上旬前", "2027-01-10"),
    ({"month": "2026-11", "part": "middle"}, "11月中旬前", "2026-11-20"),
    ({"month": "2026-02", "part": "late"}, "2月下旬前", "2026-02-28"),
    ({"during": "event"}, "活动期间及时", None),
    ({"dates": ["2026-09-01", "2026-09-08", "2027-01-05"]}, "9月1日、9月8日、2027年1月5日", "2027-01-05"),
]


def monday_to_friday(day: dt.date) -> bool:
    return day.weekday() < 5


@pytest.mark.parametrize(("due", "words", "last"), DEADLINES)
def test_deadline(due: Any, words: str, last: str | None) -> None:
    spec = make(date_of_issue="2026-05-01", event=EVENT)
    deadline = Deadline.model_validate({"due": due})
    assert wording.deadline_words(spec, deadline) == words
    assert wording.due_date(spec, deadline, monday_to_friday) == (dt.date.fromisoformat(last) if last else None)


WEEKDAYS = [
    ({"due": "2026-09-10", "weekday": "true"}, "9月10日（星期四）前"),
    ({"due": "2026-09-10 17:00", "weekday": "星期五"}, "9月10日（星期四）17时前"),
    ({"due": {"start": "2026-06-30", "end": "2026-07-19"}, "weekday": "true"}, "6月30日（星期二）—7月19日（星期日）"),
]


@pytest.mark.parametrize(("deadline", "words"), WEEKDAYS)
def test_weekday_is_that_of_the_calendar(deadline: dict[str, Any], words: str) -> None:
    assert wording.deadline_words(make(date_of_issue="2026-05-01"), Deadline.model_validate(deadline)) == words


YEARS = [
    ({}, "2026-09-10", "2026年9月10日前"),
    ({}, {"start": "2026-06-30", "end": "2026-07-20"}, "2026年6月30日—7月20日"),
    ({}, {"dates": ["2026-09-01", "2026-09-08"]}, "2026年9月1日、9月8日"),
    ({}, {"month": "2026-11"}, "2026年11月底前"),
    ({"event": EVENT}, "2026-09-10", "9月10日前"),
    ({"date_of_issue": "2025-12-01", "event": EVENT}, "2026-09-10", "2026年9月10日前"),
]


@pytest.mark.parametrize(("known", "due", "words"), YEARS)
def test_year_is_written_where_it_cannot_be_inferred(known: dict[str, Any], due: Any, words: str) -> None:
    assert wording.deadline_words(make(**known), Deadline.model_validate({"due": due})) == words


def test_a_deadline_after_an_event_without_days_has_no_last_day() -> None:
    spec = make(event={"name": "开学第一课"})
    deadline = Deadline.model_validate({"due": {"after": "event.end", "days": "2"}})
    assert wording.deadline_words(spec, deadline) == "开学第一课结束后2日内"
    assert wording.due_date(spec, deadline, monday_to_friday) is None


EVENTS = [
    (EVENT, 2026, "活动（5月23日至29日）"),
    (EVENT, None, "活动（2026年5月23日至29日）"),
    (EVENT | {"end": "2026-06-02"}, 2026, "活动（5月23日至6月2日）"),
    (EVENT | {"end": "2027-05-24"}, 2026, "活动（5月23日至2027年5月24日）"),
    ({"name": "活动", "start": "2026-05-23"}, 2026, "活动（5月23日）"),
    ({"name": "活动"}, 2026, "活动"),
]


@pytest.mark.parametrize(("event", "year", "words"), EVENTS)
def test_event(event: dict[str, str], year: int | None, words: str) -> None:
    assert wording.event_words(Event.model_validate(event), year) == words


QUANTITIES = [
    ({"min": 2}, "个", "不少于2个"),
    ({"max": 10}, None, "不超过10个"),
    ({"min": 3, "max": 5}, "篇", "3—5篇"),
    (2, "份", "2份"),
    ({"min": 1, "max": 1}, "件", "1件"),
    ({"exact": 0}, "项", "0项"),
    ({"column": "名额"}, "项", "按分配名额"),
]


@pytest.mark.parametrize(("number", "measure", "words"), QUANTITIES)
def test_quantity(number: Any, measure: str | None, words: str) -> None:
    assert wording.quantity(Quantity.model_validate(number), measure) == words


CLASSES = {
    "county": {"title": "区县"},
    "college": {"title": "高职院校"},
    "big": {"title": "学校", "condition": "2000人及以上"},
}
COUNTS = [
    ({"county": {"min": 2}, "college": {"min": 1}}, "各区县不少于2个，各高职院校不少于1个"),
    ({"county": {"min": 2}, "college": {"min": 2}}, "各区县、各高职院校不少于2个"),
    ({"big": 3}, "各学校（2000人及以上）3个"),
    ({"all": 1, "county": {"max": 2}}, "各区县不超过2个，其他单位1个"),
    ({"min": 2}, "不少于2个"),
]


@pytest.mark.parametrize(("count", "words"), COUNTS)
def test_quantity_by_class(count: Any, words: str) -> None:
    evidence = Evidence.model_validate({"title": "视频", "count": count})
    assert evidence.count
    assert wording.quantity_by_class(make(classes=CLASSES), evidence.count, None) == words


EVIDENCE = [
    (
        {"title": "优秀成果视频", "accept": ["mp4"], "duration": {"min": "PT3M", "max": "PT5M"}, "count": {"min": 2}},
        "优秀成果视频（不少于2个，每个3—5分钟，MP4格式）",
    ),
    ({"title": "视频", "duration": {"max": "PT5M"}}, "视频（不超过5分钟）"),
    ({"title": "视频", "duration": {"min": "3分钟", "max": "5分"}}, "视频（3—5分钟）"),
    ({"title": "视频", "duration": {"min": "90秒", "max": "3分20秒"}}, "视频（1分30秒—3分20秒）"),
    ({"title": "视频", "duration": {"max": "1小时30分钟"}}, "视频（不超过1小时30分钟）"),
    ({"title": "视频", "condition": "承担试点任务（含续建）的提供"}, "视频（承担试点任务〔含续建〕的提供）"),
    ({"title": "视频", "duration": {"about": "PT1M"}}, "视频（1分钟左右）"),
    ({"title": "视频", "duration": {"min": "PT30S", "max": "PT1M30S"}}, "视频（30秒—1分30秒）"),
    ({"title": "录像", "duration": {"min": "PT2H"}}, "录像（不少于2小时）"),
    (
        {"title": "总结", "parts": ["主要做法", "成效"], "words": {"max": 3000}},
        "总结（含主要做法、成效，不超过3000字）",
    ),
    ({"title": "论文", "words": {"min": 2000, "max": 4000}, "pages": {"max": 15}}, "论文（2000—4000字，不超过15页）"),
    (
        {"title": "照片", "count": {"max": 3}, "unit_of_measure": "张", "size": {"min": "5MB"}},
        "照片（不超过3张，每张不小于5MB）",
    ),
    (
        {"title": "照片", "accept": [".jpg", "png", "Word"], "resolution": "1280*720"},
        "照片（分辨率不低于1280*720，JPG、PNG或Word格式）",
    ),
    ({"title": "材料", "copies": 5, "anonymous_copies": 3, "seal": True}, "材料（一式5份，其中3份不署名，加盖公章）"),
    ({"title": "低保证", "original": "copy", "condition": "低保户家庭提供"}, "低保证（低保户家庭提供，复印件）"),
    ({"title": "案例", "optional": True, "outside_quota": True, "signature": True}, "案例（自愿报送，签字，不占名额）"),
    ({"title": "方案", "count": 1, "words": {"about": 3000}}, "方案（1个，3000字左右）"),
    ({"title": "方案"}, "方案"),
]


@pytest.mark.parametrize(("evidence", "words"), EVIDENCE)
def test_evidence(evidence: dict[str, Any], words: str) -> None:
    assert wording.evidence_words(make(), Evidence.model_validate(evidence)) == words


def test_evidence_for_one_class_names_only_its_figure() -> None:
    count = {"county": {"min": 2}, "college": {"column": "名额"}}
    evidence = Evidence.model_validate({"title": "视频", "count": count})
    spec = make(classes=CLASSES)
    assert wording.evidence_words(spec, evidence, "county") == "视频（不少于2个）"
    assert wording.evidence_words(spec, evidence, "college", {"名额": "7"}.__getitem__) == "视频（7个）"
    assert wording.evidence_words(spec, evidence, "big") == "视频"


RECIPIENTS = [
    (["各盟市人力资源和社会保障局："], "各盟市人力资源和社会保障局"),
    (
        [{"places": ["省", "自治区", "直辖市"], "bodies": ["教育厅（教委）", "党委宣传部"]}, {"also": ["有关单位"]}],
        "各省、自治区、直辖市教育厅（教委）、党委宣传部，有关单位",
    ),
    (
        [{"places": ["市"], "bodies": ["教育局"], "excluding": ["大连"], "also": ["某学院"]}],
        "各市教育局（不含大连）、某学院",
    ),
    ([{"places": ["各市"], "bodies": ["教育局"]}, "市直学校"], "各市教育局，市直学校"),
]


@pytest.mark.parametrize(("groups", "words"), RECIPIENTS)
def test_recipients(groups: list[Any], words: str) -> None:
    assert wording.recipients(make(recipients=groups)) == words


CONTACTS = [
    (
        [{"name": "甲", "phone": ["1", "2"], "email": "a@example.cn"}],
        ["联系人：甲", "联系电话：1、2", "电子邮箱：a@example.cn"],
    ),
    ([{"name": ["甲", "乙"], "phone": "1", "role": "职教处"}], ["联系人：甲、乙（职教处）", "联系电话：1"]),
    (
        [{"role": "职教处", "fax": "3", "address": "某路1号", "postcode": "010000", "group": "4"}],
        ["联系单位：职教处", "传真：3", "地址：某路1号", "邮编：010000", "工作群：4"],
    ),
    (
        [{"name": "甲", "phone": "1"}, {"name": "乙", "phone": "2"}],
        ["联系人：甲", "联系电话：1", "联系人：乙", "联系电话：2"],
    ),
    (
        [{"role": "职教处", "name": "甲", "phone": "1"}, {"name": "乙"}],
        ["联系人及联系方式：", "（一）职教处", "联系人：甲", "联系电话：1", "（二）联系人：乙"],
    ),
    ([], []),
]


@pytest.mark.parametrize(("contacts", "lines"), CONTACTS)
def test_contacts(contacts: list[Any], lines: list[str]) -> None:
    assert wording.contact_lines([Contact.model_validate(contact) for contact in contacts]) == lines


FORMS = {"stats": {"title": "统计表"}, "later": {"title": "汇总表", "issued_later": True}, "names": {"title": "名册"}}
ATTACHMENTS = [
    ({"forms": FORMS}, ["附件：1.统计表", "2.名册"]),
    ({"forms": {"stats": FORMS["stats"]}}, ["附件：统计表"]),
    (
        {"forms": FORMS, "attachments": ["names", {"checklist": True}, {"title": "流程图。", "file": "a.docx"}]},
        ["附件：1.名册", "2.报送材料清单", "3.流程图"],
    ),
    (
        {"forms": FORMS, "sources": {"s": source("关于X的通知", numbered=True)}, "attachments": ["stats"]},
        ["附件：1.关于X的通知", "2.统计表"],
    ),
    ({"forms": FORMS, "attachments": []}, []),
    ({}, []),
]


@pytest.mark.parametrize(("values", "lines"), ATTACHMENTS)
def test_attachment_note(values: dict[str, Any], lines: list[str]) -> None:
    assert wording.attachment_note(make(**values)) == lines


def test_attachment_labels_follow_the_note() -> None:
    spec = make(forms=FORMS)
    labels = [wording.attachment_label(spec, name) for name in FORMS]
    assert labels == ["附件1", "", "附件2"]
    alone = make(forms={"stats": FORMS["stats"]})
    assert (wording.attachment_label(alone, "stats"), wording.attachment_mention(alone, "stats")) == ("附件", "见附件")


def test_imprint() -> None:
    spec = make(
        carbon_copy=["教育部基础一司", "某学校"], imprint={"date_of_print": "2026-07-01"}, date_of_issue="2026-06-30"
    )
    assert wording.carbon_copy(spec) == "抄送：教育部基础一司，某学校。"
    assert wording.printed_on(spec) == "2026年7月1日印发"
    assert wording.printed_on(make(imprint={}, date_of_issue="2026-06-30")) == "2026年6月30日印发"
    assert (wording.carbon_copy(make()), wording.printed_on(make(date_of_issue="2026-06-30"))) == ("", "")


NUMERALS = [
    (0, "零"),
    (5, "五"),
    (10, "十"),
    (11, "十一"),
    (20, "二十"),
    (99, "九十九"),
    (100, "一百"),
    (101, "一百零一"),
    (110, "一百一十"),
    (115, "一百一十五"),
    (999, "九百九十九"),
]


@pytest.mark.parametrize(("number", "words"), NUMERALS)
def test_numeral(number: int, words: str) -> None:
    assert wording.numeral(number) == words


@pytest.mark.parametrize("number", [-1, 1000])
def test_numeral_refuses_what_it_cannot_say(number: int) -> None:
    with pytest.raises(ValueError, match=str(number)):
        wording.numeral(number)


def test_ordinals() -> None:
    assert [wording.ordinal(level, 12) for level in range(1, 6)] == ["十二、", "（十二）", "12.", "（12）", "⑫"]
    assert [wording.ordinal(5, number) for number in (20, 21, 36, 50, 51)] == ["⑳", "㉑", "㊱", "㊿", "51）"]
