"""Facts read from the text of notices: the shapes of titles, numbers, recipients, days, forms and contacts."""

from __future__ import annotations

import pytest

from generator.draft.facts import Facts, facts_of

FORWARD = """某某省教育厅

某教函〔2026〕12号

某某省教育厅转发教育部办公厅关于开展安全教育的通知

各市教育局，各高职院校：

现将《教育部办公厅关于开展安全教育的通知》（教安厅〔2026〕3号）转发给你们，请结合实际贯彻执行。
一、请各市教育局于9月10日（星期四）前填写《活动情况统计表》（附件1），报送省教育厅。
二、报送邮箱：example@example.gov.cn。
联系人：王某某，联系电话：010-66090000。
附件：1.活动情况统计表

某某省教育厅
二〇二六年八月二十日
（此件主动公开）
抄送：省政府办公厅。

教育部办公厅关于开展安全教育的通知
教安厅〔2026〕3号
各省、自治区、直辖市教育厅（教委）：
请于2026年10月30日前报送总结。
教育部办公厅
2026年8月1日
"""


@pytest.fixture(scope="module")
def forward() -> Facts:
    return facts_of(FORWARD)


def test_the_head(forward: Facts) -> None:
    assert forward.title
    assert forward.title.value == "某某省教育厅转发教育部办公厅关于开展安全教育的通知"
    assert forward.document_number
    assert forward.document_number.value == "某教函〔2026〕12号"
    assert [one.value for one in forward.recipients] == ["各市教育局", "各高职院校"]


def test_the_close(forward: Facts) -> None:
    assert [one.value for one in forward.issuing_authorities] == ["某某省教育厅"]
    assert forward.date_of_issue
    assert forward.date_of_issue.value == "2026-08-20"
    assert [one.value for one in forward.annotations] == ["此件主动公开"]
    assert [one.value for one in forward.carbon_copy] == ["省政府办公厅"]


def test_what_is_passed_on_is_not_the_letters_own(forward: Facts) -> None:
    assert [(one.title, one.number) for one in forward.sources] == [
        ("教育部办公厅关于开展安全教育的通知", "教安厅〔2026〕3号")
    ]
    assert [one.due for one in forward.deadlines] == ["2026-09-10"]
    assert [one.due for one in forward.source_deadlines] == ["2026-10-30"]


def test_forms_and_contacts(forward: Facts) -> None:
    assert [(one.name, one.number) for one in forward.forms] == [("活动情况统计表", 1)]
    assert [one.email for one in forward.contacts if one.email] == ["example@example.gov.cn"]
    assert [(one.names, one.phone) for one in forward.contacts if one.phone] == [(("王某某",), "010-66090000")]


def test_every_finding_stands_where_it_says(forward: Facts) -> None:
    for found in (*forward.issuing_authorities, *forward.recipients, *forward.carbon_copy, forward.document_number):
        assert found
        assert FORWARD[slice(*found.span)] == found.value


HEAD, CLOSE = (
    "某某市教育局关于开展安全教育的通知\n各县教育局：\n现将有关事项通知如下：\n",
    "\n某某市教育局\n2026年3月5日\n",
)


@pytest.mark.parametrize(
    ("sentence", "due"),
    [
        ("请于4月10日前报送总结。", ["2026-04-10"]),
        ("请于4月10日（星期五）下午5点前报送总结。", ["2026-04-10T17:00"]),
        ("请于4月底前报送总结。", ["2026-04-30"]),
        ("报名时间：3月20日至4月2日。", ["2026-04-02"]),
        ("报名截止时间：2026年4月2日。", ["2026-04-02"]),
        ("请各单位于4月2至9日组织自查。", ["2026-04-09"]),
        ("会议于4月2日在某某市召开。", []),
        ("年龄计算截止到2026年4月2日。", []),
        ("到2030年底前全部建成。", []),
        ("2026年4月前结题的成果不再参加。", []),
        ("《2026年4月10日前完成的方案》由市局制定。", []),
        ("请于本周五前报送名单。", ["2026-03-06"]),
        ("本通知印发后15日内报送方案。", ["2026-03-20"]),
    ],
)
def test_deadlines_are_told_from_other_days(sentence: str, due: list[str]) -> None:
    assert [one.due for one in facts_of(HEAD + sentence + CLOSE).deadlines] == due


@pytest.mark.parametrize(
    ("line", "groups"),
    [
        ("各市教育局、各高职院校、有关直属单位：", ["各市教育局", "各高职院校", "有关直属单位"]),
        ("各部门、各科室：", ["各部门、各科室"]),
        ("各市、县（市、区）教育局，厅属各单位：", ["各市、县（市、区）教育局", "厅属各单位"]),
        ("各位老师：", ["各位老师"]),
    ],
)
def test_groups_of_recipients(line: str, groups: list[str]) -> None:
    text = HEAD.replace("各县教育局：", line) + "请执行。" + CLOSE
    assert [one.value for one in facts_of(text).recipients] == groups


@pytest.mark.parametrize("number", ["某教字〔2026〕6号", "某教[2026]06号", "某教电传【2026】337号", "某教（2026）6号"])
def test_numbers_in_every_bracket(number: str) -> None:
    found = facts_of(HEAD.replace("\n", f"\n{number}\n", 1) + "请执行。" + CLOSE).document_number
    assert found
    assert found.value == number


def test_a_day_long_before_the_day_of_issue_is_next_years() -> None:
    late = CLOSE.replace("3月5日", "11月20日")
    assert [one.due for one in facts_of(HEAD + "请于1月15日前报送总结。" + late).deadlines] == ["2027-01-15"]


def test_text_run_together_is_cut_into_its_parts() -> None:
    text = (
        "国务院批转某某委关于制止无序建设意见的紧急通知国发〔2026〕32号各省、自治区、直辖市人民政府，国务院各部委："
        "某某委《关于制止无序建设的意见》已经国务院同意，现转发给你们，请认真贯彻执行。"
        + "各地要高度重视。" * 20
        + "各省级人民政府要在2026年12月31日之前，将清理情况报国务院。国务院二〇二六年十一月二十四日"
    )
    facts = facts_of(text)
    assert facts.title
    assert facts.title.value == "国务院批转某某委关于制止无序建设意见的紧急通知"
    assert [one.value for one in facts.recipients] == ["各省、自治区、直辖市人民政府", "国务院各部委"]
    assert [one.title for one in facts.sources] == ["关于制止无序建设的意见"]
    assert facts.date_of_issue
    assert facts.date_of_issue.value == "2026-11-24"
    assert [one.due for one in facts.deadlines] == ["2026-12-31"]


def test_hard_wraps_and_page_numbers_are_undone() -> None:
    body = (
        "为贯彻落实有关精神，加强全市中小学校和幼儿园的安全教育，经研究，决定在全市开展安全教育活动，"
        "请各单位于4月10日前将活动总结报送市教育局。"
    )
    wrapped = "\n".join(("　　" + body)[place : place + 22] for place in range(0, len(body) + 2, 22)).replace(
        "\n", "\n- 1 -\n", 1
    )
    text = HEAD + wrapped * 2 + CLOSE
    assert [one.due for one in facts_of(text).deadlines] == ["2026-04-10"] * 2
    assert [one.written for one in facts_of(text).deadlines] == ["4月10日前"] * 2
