"""The vocabulary of dispatch.yaml and of the roster: typed models, no behaviour.

One word, one thing: the YAML key, the attribute here and the `{{ name }}` in a template are the same name; the Chinese
term is the field's description, and appears in messages, in the JSON Schema and in the skeleton of `fawen new`.
Every scalar reaches these models as text (YAML would turn unit code 001 into 1); the models give it its type.
A field marked `not_built` is part of the vocabulary, but nothing renders it yet: the loader refuses it by name.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
"""A name to refer to: lower case, digits and underscores, fit for {{ }} and for a defined name of Excel."""


def _listed(value: Any) -> Any:
    """One value may be written without brackets wherever a list is meant."""
    return value if value is None or isinstance(value, list) else [value]


LENGTH = r"(?=\d)(?:(\d+)小时)?(?:(\d+)分钟?)?(?:(\d+)秒)?"
"""A length of time as people write it: 5分钟, 3分20秒, 1小时30分钟."""


def iso_length(value: Any) -> Any:
    """5分钟 → PT5M; what is not written like that is left to whoever reads durations."""
    match = re.fullmatch(LENGTH, value.strip()) if isinstance(value, str) else None
    if not match:
        return value
    return "PT" + "".join(f"{number}{unit}" for number, unit in zip(match.groups(), "HMS", strict=True) if number)


Length = Annotated[dt.timedelta, BeforeValidator(iso_length), WithJsonSchema({"type": "string"})]
MonthDay = Annotated[str, StringConstraints(pattern=r"^([1-9]|[12]\d|3[01]|last)$")]
YearMonth = Annotated[str, StringConstraints(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]
Texts = Annotated[list[Text], BeforeValidator(_listed)]
NOT_BUILT: dict[str, Any] = {"not_built": True}


class Model(BaseModel):
    """Unknown keys are errors: a misspelt demand must not vanish."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


# -- deadlines 报送期限 ------------------------------------------------------------------------------------------------


DUE_FORMS: dict[str, tuple[str, ...]] = {
    "date": ("time", "before"),
    "after": ("days", "weeks", "working_days", "time", "before"),
    "start": ("end", "time"),
    "daily": ("next_day", "during"),
    "monthly": ("time", "during"),
    "yearly": (),
    "month": ("part",),
    "dates": (),
    "during": (),
}
"""The ways to say when something is due, each by the key that tells it, with what may stand beside that key."""


class Due(Model):
    """When: exactly one of the forms below, with nothing beside it but what DUE_FORMS allows.

    date [+ time | before]      9月10日前, 9月10日17时前, 9月10日下班前
    after [+ days|weeks|working_days] 活动结束后2日内; neither given: 活动结束后及时
        days, working_days [+ time | before] 活动结束后第2日17时前
    start + end [+ time]        6月30日—7月20日17时
    daily [+ during, next_day]  活动期间每日10时前, 活动次日上午10时前
    monthly [+ time, during]    每月13日17时前; last: 每月底前
    yearly                      每年2月底前 (`02-28`, `02-end`)
    month [+ part]              11月底前, 1月上旬前
    during                      活动期间及时
    dates                       a list of theme days
    """

    date: dt.date | None = Field(None, description="日期")
    time: dt.time | None = Field(None, description="钟点")
    before: Literal["off_work", "noon"] | None = Field(None, description="下班前 / 中午前")
    after: Literal["event.start", "event.end", "date_of_issue"] | None = Field(None, description="自何时起算")
    days: int | None = Field(None, ge=0, le=3650, description="天数")
    weeks: int | None = Field(None, ge=1, le=500, description="周数")
    working_days: int | None = Field(None, ge=0, le=3650, description="工作日数")
    start: dt.date | None = Field(None, description="起始日期")
    end: dt.date | None = Field(None, description="截止日期")
    daily: dt.time | None = Field(None, description="每日何时前")
    next_day: bool = Field(False, description="次日")
    monthly: MonthDay | None = Field(None, description="每月几日前")
    yearly: Annotated[str, StringConstraints(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01]|end)$")] | None = Field(
        None, description="每年何时前"
    )
    month: YearMonth | None = Field(None, description="年月")
    part: Literal["early", "middle", "late", "end"] = Field("end", description="上旬 / 中旬 / 下旬 / 月底")
    during: Literal["event"] | None = Field(None, description="期间")
    dates: list[dt.date] | None = Field(None, description="主题日")

    @model_validator(mode="before")
    @classmethod
    def _from_scalar(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        day, _, clock = value.replace("T", " ").partition(" ")
        return {"date": day, "time": clock} if clock else {"date": day}

    @model_validator(mode="after")
    def _one_form(self) -> Due:
        said = [name for name in type(self).model_fields if name in self.model_fields_set]
        said = [name for name in said if getattr(self, name) is not None and getattr(self, name) is not False]
        forms = [name for name in said if name in DUE_FORMS and name != "during"] or [*{"during"}.intersection(said)]
        if len(forms) != 1:
            raise ValueError("due_forms")
        form = forms[0]
        if extra := [name for name in said if name not in (form, *DUE_FORMS[form])]:
            raise PydanticCustomError("due_beside", "{extra} beside {form}", {"extra": extra, "form": form})
        if (self.start is None) != (self.end is None):
            raise ValueError("due_window")
        if sum(count is not None for count in (self.days, self.weeks, self.working_days)) > 1:
            raise ValueError("due_count")
        self._one_moment()
        return self

    def _one_moment(self) -> None:
        """A clock time or 下班前, not both; counted from something, it belongs to a day that is told."""
        if self.time is not None and self.before is not None:
            raise ValueError("due_moment")
        if self.after and (self.time or self.before) and self.days is None and self.working_days is None:
            raise ValueError("due_moment_of_day")


Dues = Name | dict[Name, Name] | None
"""The name of a deadline, or of one for each class."""


class Deadline(Model):
    """One 报送期限: when, who hands in what, to whom, through which channel."""

    due: Due = Field(description="期限")
    what: Text | None = Field(None, description="报送内容")
    who: Texts = Field([], description="报送单位类别")
    to: Text | None = Field(None, description="报送至")
    channel: Texts = Field([], description="报送渠道")
    weekday: bool | Text = Field(False, description="写明星期几；也可照录原文的星期，以便核对")
    written: Text | None = Field(None, description="期限的写法，如 2022年6月15日前；缺省由期限生成")
    late: Text | None = Field(None, description="逾期说明")
    zero_report: bool = Field(False, description="零报告")

    @field_validator("weekday", mode="before")
    @classmethod
    def _flag(cls, value: Any) -> Any:
        return {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _weekday_of_a_day(self) -> Deadline:
        if self.weekday and not self.written and not (self.due.date or self.due.start or self.due.dates):
            raise ValueError("weekday_without_day")
        return self


# -- quantities 数量 ---------------------------------------------------------------------------------------------------


class Quantity(Model):
    """How many: a minimum, a maximum, a range or an exact figure; `column` takes it from the unit's row."""

    min: int | None = Field(None, ge=0, description="不少于")
    max: int | None = Field(None, ge=0, description="不超过")
    exact: int | None = Field(None, ge=0, description="数量")
    column: Text | None = Field(None, description="名录中的列")
    ratio: Text | None = Field(None, description="比例", json_schema_extra=NOT_BUILT)

    @model_validator(mode="before")
    @classmethod
    def _from_scalar(cls, value: Any) -> Any:
        return {"exact": value} if isinstance(value, (str, int)) else value

    @model_validator(mode="after")
    def _some(self) -> Quantity:
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError("min_above_max")
        if not self.model_fields_set:
            raise ValueError("quantity_empty")
        return self


EVERY_CLASS = "all"


def _by_class(value: Any) -> Any:
    """`count: 2` and `count: {min: 2}` are the same for every class; `count: {school: {min: 1}}` differs by class."""
    if isinstance(value, Mapping) and value and not set(value) & set(Quantity.model_fields):
        return value
    return value if value is None else {EVERY_CLASS: value}


Count = Annotated[dict[str, Quantity], BeforeValidator(_by_class)]


class Range(Model):
    """A limit on words 字数, pages 页数 or people 人数."""

    min: int | None = Field(None, ge=0, description="不少于")
    max: int | None = Field(None, ge=0, description="不超过")
    about: int | None = Field(None, ge=0, description="左右")


class Duration(Model):
    """A limit on playing time: 3分钟, 90秒, or ISO 8601 (PT3M, PT90S)."""

    min: Length | None = Field(None, description="不短于")
    max: Length | None = Field(None, description="不超过")
    about: Length | None = Field(None, description="左右")


class Size(Model):
    """A limit on file size, with its unit as it is to be printed (5MB, 200MB)."""

    min: Text | None = Field(None, description="不小于")
    max: Text | None = Field(None, description="不超过")


# -- sources 被转发公文 -----------------------------------------------------------------------------------------------


class Source(Model):
    """A document of a superior or a peer that is passed on, or that a notice is based on."""

    issuing_authorities: Texts = Field([], description="来文机关")
    title: Text = Field(description="来文标题")
    document_type: Text | None = Field(None, description="文种；缺省取标题末尾的文种")
    document_number: Text | None = Field(None, description="来文字号")
    date_of_issue: dt.date | None = Field(None, description="来文成文日期")
    file: Text | None = Field(None, description="来文文件")
    url: Text | None = Field(None, description="来文网址")
    attach: Literal["append", "beside", "link", "listed", "none"] = Field(
        "listed", description="附后 / 另附 / 链接 / 列名 / 不附"
    )
    numbered: bool = Field(False, description="列为附件1")
    deadlines: dict[Name, dt.date] = Field({}, description="来文规定的期限")
    security_level: Text | None = Field(None, description="密级")
    disclosure: Text | None = Field(None, description="公开属性")
    forwards: Text | None = Field(None, description="来文本身所转发的公文")
    based_on: bool = Field(False, description="仅作依据，不转发")


# -- forms 统计表 -----------------------------------------------------------------------------------------------------


class Constraints(Model):
    """What a filled cell must satisfy, in the words of Table Schema."""

    required: bool = Field(False, description="必填")
    minimum: Text | None = Field(None, description="最小值")
    maximum: Text | None = Field(None, description="最大值")
    min_length: int | None = Field(None, alias="minLength", ge=0, description="最少字数")
    max_length: int | None = Field(None, alias="maxLength", ge=1, description="最多字数")
    pattern: Text | None = Field(None, description="格式（正则）", json_schema_extra=NOT_BUILT)


FieldType = Literal[
    "string", "text", "integer", "number", "boolean", "date", "yearmonth", "year", "datetime", "time", "duration",
    "list", "serial", "note", "photo", "table",
]  # fmt: skip
UNASKED: frozenset[FieldType] = frozenset({"serial", "note"})
"""What a unit may leave as it is: a serial number is written beforehand, a note adds what is worth saying."""


class FormField(Model):
    """A column of a table, or a cell pair of a key–value form."""

    name: Name = Field(description="字段名")
    title: Text = Field(description="栏目名称")
    type: FieldType = Field("string", description="类型")
    format: Literal["phone", "email", "uri", "id_card", "uscc"] | None = Field(None, description="文本格式")
    unit: Text | None = Field(None, description="计量单位")
    description: Text | None = Field(None, description="填写说明")
    example: Text | None = Field(None, description="示例")
    categories: Texts = Field([], description="选项")
    aliases: dict[str, Text] = Field({}, description="选项的其他写法，如 {线上宣传: 网络宣传}")
    constraints: Constraints = Field(Constraints(), description="填写要求")
    total: Literal["sum"] | None = Field(None, description="合计")
    decimals: int | None = Field(None, ge=0, le=6, description="小数位数")
    prefill: Text | None = Field(None, description="预填（unit.name 或名录列）")
    width: float | None = Field(None, gt=0, description="栏宽（字）")
    group: Text | None = Field(None, description="上级栏目")
    lines: int | None = Field(None, ge=1, le=40, description="行高（行）")
    span: Literal["full", "half"] | None = Field(None, description="占满一行 / 半行")
    fields: list[FormField] = Field([], description="内嵌表的栏目")
    rows: int | None = Field(None, ge=1, le=50, description="内嵌表的行数")
    seal: bool = Field(False, description="盖章栏")
    relevant: Text | None = Field(None, description="适用条件", json_schema_extra=NOT_BUILT)
    at: Text | None = Field(None, description="在原表中的位置：单元格（如 C5），或它左边、前面的文字")
    calculation: Text | None = Field(None, description="计算公式", json_schema_extra=NOT_BUILT)

    @model_validator(mode="before")
    @classmethod
    def _lengths(cls, value: Any) -> Any:
        limits = value.get("constraints") if isinstance(value, dict) and value.get("type") == "duration" else None
        if not isinstance(limits, dict):
            return value
        return {**value, "constraints": {key: iso_length(limit) for key, limit in limits.items()}}


class MatrixRow(Model):
    """A fixed row of a matrix: its title and 行号 (default: 01, 02, … in order)."""

    title: Text = Field(description="行名")
    code: Text | None = Field(None, description="行号")
    indent: int = Field(0, ge=0, le=4, description="缩进层次")
    total: bool = Field(False, description="合计行")

    @model_validator(mode="before")
    @classmethod
    def _from_scalar(cls, value: Any) -> Any:
        return {"title": value} if isinstance(value, str) else value


class Rows(Model):
    """The body rows of a form."""

    reserve: int = Field(15, ge=1, le=2000, description="预留行数")
    total: Literal["top", "bottom", "none"] | None = Field(None, description="合计行的位置；缺省：有合计栏时在底部")
    fixed: list[MatrixRow] = Field([], description="固定行（matrix）")
    given: list[dict[str, str]] = Field([], description="给定数据（quota），每行一个映射")
    from_units: bool = Field(False, description="给定数据取自名录，每单位一行（quota）")


class Legal(Model):
    """表号 and what makes a survey lawful under 统计法; printed only when all four are given."""

    number: Text = Field(description="表号")
    drafted_by: Text = Field(description="制定机关")
    approval: Text = Field(description="批准文号")
    valid_until: Text = Field(description="有效期至")


SignoffRole = Literal["unit_head", "reviewer", "statistician", "filler", "phone", "date"]


class Form(Model):
    """A blank form that units fill in and return."""

    title: Text = Field(description="表名")
    layout: Literal["table", "grouped", "pairs", "matrix", "quota"] = Field("table", description="版式")
    file: Text | None = Field(None, description="原表文件（.xlsx、.docx 等），原样下发；缺省按栏目生成")
    version: Text = Field("1", description="表式版本")
    unit_of_measure: Text | None = Field(None, description="计量单位")
    legal: Legal | None = Field(None, description="法定标识")
    fields: list[FormField] = Field([], description="栏目")
    rows: Rows = Field(Rows(), description="表体行")
    signoff: list[SignoffRole] = Field(["unit_head", "filler", "phone", "date"], description="签署栏")
    head: list[Text] = Field([], description="表头行的其他栏目，如 学科、选送总数")
    notes: Texts = Field([], description="说明")
    orientation: Literal["portrait", "landscape"] | None = Field(None, description="纸张方向；缺省按栏宽")
    copies: int | None = Field(None, ge=1, description="份数")
    who: Texts = Field([], description="填报单位类别")
    due: Dues = Field(None, description="报送期限，可按类别")
    channel: Texts = Field([], description="报送渠道")
    formats: list[Literal["xlsx", "docx"]] = Field(["xlsx", "docx"], min_length=1, description="文件格式")
    issued_later: bool = Field(False, description="另行下发")
    example_design: bool = Field(False, description="示例设计（来文只有表名）")
    rules: list[Any] = Field([], description="审核规则", json_schema_extra=NOT_BUILT)


# -- evidence 佐证（报送）材料 -----------------------------------------------------------------------------------------


class Evidence(Model):
    """One item of evidence that units hand in, with every limit on it."""

    title: Text = Field(description="材料名称")
    parts: Texts = Field([], description="应含部分")
    count: Count | None = Field(None, description="数量，可按类别")
    unit_of_measure: Text | None = Field(None, description="量词（个、份、篇、幅、项、名、套）")
    words: Range | None = Field(None, description="字数")
    pages: Range | None = Field(None, description="页数")
    duration: Duration | None = Field(None, description="时长")
    size: Size | None = Field(None, description="文件大小")
    resolution: Text | None = Field(None, description="分辨率")
    accept: Texts = Field([], description="文件格式")
    copies: int | None = Field(None, ge=1, description="纸质份数")
    anonymous_copies: int | None = Field(None, ge=1, description="不署名份数")
    seal: bool = Field(False, description="加盖公章")
    signature: bool = Field(False, description="签字")
    original: Literal["original", "copy"] | None = Field(None, description="原件 / 复印件")
    optional: bool = Field(False, description="自愿报送")
    condition: Text | None = Field(None, description="适用条件")
    outside_quota: bool = Field(False, description="不占名额")
    who: Texts = Field([], description="报送单位类别")
    due: Dues = Field(None, description="报送期限，可按类别")
    channel: Texts = Field([], description="报送渠道")
    naming: Text | None = Field(
        None, description="文件命名，可用 {unit} {title} {n}；缺省 {unit}-{title}，可报多份的再加 {n}"
    )
    note: Text | None = Field(None, description="备注")


# -- people and places -------------------------------------------------------------------------------------------------


class Contact(Model):
    """联系人: any of these may be missing; several names may share a phone."""

    role: Text | None = Field(None, description="处室或职责")
    name: Texts = Field([], description="联系人")
    phone: Texts = Field([], description="联系电话")
    fax: Text | None = Field(None, description="传真")
    email: Text | None = Field(None, description="电子邮箱")
    address: Text | None = Field(None, description="地址")
    postcode: Text | None = Field(None, description="邮编")
    group: Text | None = Field(None, description="工作群")


class RecipientGroup(Model):
    """A group of 主送机关: bodies × places, named extras and exceptions; or, where those cannot say it, its text."""

    text: Text | None = Field(None, description="显示文字")
    places: Texts = Field([], description="地方（省、自治区、直辖市 …）")
    bodies: Texts = Field([], description="机关（教育厅、党委宣传部 …）")
    also: Texts = Field([], description="另列的单位")
    excluding: Texts = Field([], description="不含")
    classes: Texts = Field([], description="对应的单位类别")

    @model_validator(mode="before")
    @classmethod
    def _from_scalar(cls, value: Any) -> Any:
        return {"text": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _some(self) -> RecipientGroup:
        if not (self.text or self.bodies or self.also):
            raise ValueError("recipients_empty")
        return self


class UnitClass(Model):
    """类别 of subordinate units: how it is called, and who belongs to it where that is not a list."""

    title: Text = Field(description="类别名称")
    each: Text | None = Field(None, description="逐一称呼，如 各区县；缺省为 各+类别名称")
    condition: Text | None = Field(None, description="条件，如 2000人及以上")

    @model_validator(mode="before")
    @classmethod
    def _from_scalar(cls, value: Any) -> Any:
        return {"title": value} if isinstance(value, str) else value


class Unit(Model):
    """A row of the roster 单位名录. `columns` holds what the heads of the roster name beyond the known ones."""

    code: Text = Field(description="单位代码")
    name: Text = Field(description="单位全称")
    short_name: Text = Field(description="简称")
    class_: Text = Field(alias="class", description="类别")
    role: Literal["主送", "抄送"] = Field("主送", description="主送 / 抄送")
    reports_to: Text | None = Field(None, description="报送至（上级单位代码）")
    contact: Text | None = Field(None, description="联系人")
    phone: Text | None = Field(None, description="联系电话")
    email: Text | None = Field(None, description="电子邮箱")
    columns: Mapping[str, str] = Field({}, description="其他列")


class Event(Model):
    """The activity itself; its days are not deadlines."""

    name: Text = Field(description="活动名称")
    start: dt.date | None = Field(None, description="开始日期")
    end: dt.date | None = Field(None, description="结束日期")
    theme: Text | None = Field(None, description="主题")
    adjustable: Text | None = Field(None, description="时间可调整的说明")


class Opening(Model):
    """The opening in three slots; each has a default."""

    transmit: Text | None = Field(None, description="转发语，如 转发给你们")
    join: Text | None = Field(None, description="衔接语，如 并结合我省实际提出如下要求")
    order: Text | None = Field(None, description="结语，如 请一并贯彻执行")


class Attachment(Model):
    """An entry of the 附件 list: a form of this dispatch, or a title with a file of its own."""

    form: Name | None = Field(None, description="统计表")
    checklist: bool = Field(False, description="报送材料清单")
    title: Text | None = Field(None, description="附件名称")
    file: Text | None = Field(None, description="附件文件")

    @model_validator(mode="before")
    @classmethod
    def _from_scalar(cls, value: Any) -> Any:
        return {"form": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _one(self) -> Attachment:
        if sum((self.form is not None, self.checklist, self.title is not None)) != 1:
            raise ValueError("attachment_one")
        return self


class Imprint(Model):
    """版记: who printed it and when. 抄送 comes from `carbon_copy`."""

    printing_authority: Text | None = Field(None, description="印发机关")
    date_of_print: dt.date | None = Field(None, description="印发日期")


class Authority(Model):
    """An issuing authority, with the short name that a title may carry instead of the full one."""

    name: Text = Field(description="机关全称")
    short_name: Text | None = Field(None, description="规范化简称")

    @model_validator(mode="before")
    @classmethod
    def _from_scalar(cls, value: Any) -> Any:
        return {"name": value} if isinstance(value, str) else value


class IssuerMark(Model):
    """发文机关标志, where it is not simply the first authority's name (a body's office, a joint mark without 文件)."""

    text: Texts = Field([], description="标志文字，联合发文时可多行")
    document_word: bool = Field(True, description="是否加“文件”二字（文件格式）")

    @model_validator(mode="before")
    @classmethod
    def _from_scalar(cls, value: Any) -> Any:
        return {"text": value} if isinstance(value, (str, list)) else value


# -- the dispatch 发文事项 --------------------------------------------------------------------------------------------


class Spec(Model):
    """dispatch.yaml: what is sent, by whom, to whom, what must come back, by when."""

    kind: Literal["forward", "notice"] = Field("forward", description="转发 / 通知")
    status: Literal["draft", "issued", "sample"] = Field("draft", description="送审稿 / 正式印发 / 样例")
    layout: Literal["letter", "document"] = Field("letter", description="信函格式 / 文件格式")
    address: Literal["all", "unit"] = Field("all", description="一文通发 / 逐单位发函")
    title: Text | None = Field(None, description="标题；缺省由来文标题生成")
    title_style: Literal["verb", "quoted"] = Field("verb", description="标题样式：转发…通知 / 关于转发《…》的通知")
    issuing_authorities: Annotated[list[Authority], BeforeValidator(_listed)] = Field(
        min_length=1, description="发文机关"
    )
    issuer_mark: IssuerMark = Field(IssuerMark(), description="发文机关标志")
    signature_line: Texts = Field([], description="发文机关署名；缺省为发文机关")
    document_number: Text | None = Field(None, description="发文字号")
    date_of_issue: dt.date | None = Field(None, description="成文日期")
    copy_number: Text | None = Field(None, description="份号")
    security_level: Text | None = Field(None, description="密级和保密期限")
    urgency: Text | None = Field(None, description="紧急程度")
    signatory: Texts = Field([], description="签发人（上行文）", json_schema_extra=NOT_BUILT)
    seal: bool = Field(True, description="加盖公章")
    issued_file: Text | None = Field(None, description="已盖章的正式文件（PDF/OFD），代替生成的 .docx")
    sources: dict[Name, Source] = Field({}, description="被转发公文")
    recipients: Annotated[list[RecipientGroup], BeforeValidator(_listed)] = Field(min_length=1, description="主送机关")
    carbon_copy: Texts = Field([], description="抄送机关")
    units: Text | list[Unit] = Field("units.csv", description="单位名录")
    classes: dict[Name, UnitClass] = Field({}, description="单位类别")
    event: Event | None = Field(None, description="活动")
    deadlines: dict[Name, Deadline] = Field({}, description="报送期限")
    opening: Opening = Field(Opening(), description="开头")
    body: Text = Field("body.md", description="正文（Markdown 文件，或直接写正文）")
    forms: dict[Name, Form] = Field({}, description="统计表")
    evidence: dict[Name, Evidence] = Field({}, description="佐证（报送）材料")
    mail_subject: Text | None = Field(None, description="报送邮件的标题，可用 {unit} {title}")
    attachments: list[Attachment] | None = Field(None, description="附件；缺省为各统计表")
    contacts: list[Contact] = Field([], description="联系人")
    annotations: Texts = Field([], description="附注")
    imprint: Imprint | None = Field(None, description="版记")
    page_numbers: Literal["continue", "restart"] = Field("continue", description="附后来文的页码")
    stated_total: dict[Name, int] = Field({}, description="各材料名额的总数，供核对")
    templates: Text | None = Field(None, description="自有模板文件夹")
