"""For each code of `fawen check` an example of what it finds, and what to do about it."""

from __future__ import annotations

from generator.base.i18n import later

REMEDIES: dict[str, tuple[str, str]] = {
    "no-effect": (
        "total: sum",
        later("Remove the key, or write it where it has an effect, as the message says."),
    ),
    "title-missing": (
        "kind: notice",
        later("Write `title`, or make it a forwarding notice with a source."),
    ),
    "source-missing": (
        "kind: forwarding_notice",
        later("Name what is forwarded under `sources`."),
    ),
    "source-secret": (
        "机密★1年",
        later("Handle it by the rules for secret documents; take it out of the dispatch."),
    ),
    "source-file-missing": (
        "attach: append",
        later("Name the file of the source, or change `attach`."),
    ),
    "source-file-type": (
        "file: 来文.rtf",
        later("Save the source as .docx."),
    ),
    "source-unreadable": (
        "扫描件",
        later("Ask for the source as a Word document, or send the file beside the notice."),
    ),
    "source-refused": (
        "vbaProject.bin",
        later("Save the source without what the message names."),
    ),
    "source-appended": (
        "122 段、3 张表",
        later("Nothing is to be done."),
    ),
    "source-altered": (
        "批注、修订",
        later("Accept the changes in the source and delete the comments before it is appended."),
    ),
    "source-converted": (
        "来文.doc",
        later("Compare the pages, or save the source as .docx in Word or WPS."),
    ),
    "source-unseen": (
        "来文.pdf",
        later("Install it: pip install fawen[pdf]."),
    ),
    "source-file-unused": (
        "attach: none",
        later("Change `attach`, or take the file out."),
    ),
    "source-url-missing": (
        "attach: link",
        later("Write the `url` of the source."),
    ),
    "file-refused": (
        "表格.xlsm",
        later("Save the file without macros and embedded objects."),
    ),
    "file-unseen": (
        "资料.rar",
        later("Look into the file yourself before it goes out."),
    ),
    "file-active": (
        "JavaScript",
        later("Print the PDF into a new PDF."),
    ),
    "dispatch-secret": (
        "security_level: 秘密",
        later("Handle it by the rules for secret documents."),
    ),
    "issued-file-draft": (
        "status: draft",
        later("Set `status: issued`, or take the file out."),
    ),
    "disclosure": (
        "（此件主动公开）",
        later("Change the annotation as the source demands."),
    ),
    "number-form": (
        "某发[2026]5号",
        later("Write it as 某人社函〔2026〕5号."),
    ),
    "number-year": (
        "〔2025〕, 2026年1月5日",
        later("Correct the year or the date."),
    ),
    "issue-date-missing": (
        "status: issued",
        later("Write `date_of_issue`."),
    ),
    "issue-before-source": (
        "2026-05-08 / 2026-05-12",
        later("Correct the date that is wrong, here or under `sources`."),
    ),
    "imprint-empty": (
        "imprint: {}",
        later("Fill the imprint in, or take it out."),
    ),
    "unknown-name": (
        "deadline: reprot",
        later("Correct the name, or define it."),
    ),
    "unused-name": (
        "deadlines: {extra: …}",
        later("Use it, or delete it."),
    ),
    "duplicate-name": (
        "forms: [{name: a}, {name: a}]",
        later("Give one of them another name."),
    ),
    "unknown-column": (
        "unit.email",
        later("Correct the name, or add the column to the roster."),
    ),
    "unknown-placeholder": (
        "{单位}-{日期}",
        later("Use the placeholders that the hint names."),
    ),
    "unknown-reference": (
        "{{ dedline.report }}",
        later("Correct the reference."),
    ),
    "reference-unclosed": (
        "{{ deadline.report",
        later("Close it with }}."),
    ),
    "reference-to-unit": (
        "{{ unit.name }}",
        later("Write it for all units, or set `address: unit`."),
    ),
    "passage-to-class": (
        "::: 盟市",
        later("Write it for all units, or set `address: unit`."),
    ),
    "passage-class": (
        "::: 旗县",
        later("Correct the class, or define it under `classes`."),
    ),
    "passage-stray": (
        ":::",
        later("Delete it, or begin the passage."),
    ),
    "passage-nested": (
        "::: 盟市 … ::: 旗县",
        later("End the first passage before the next begins."),
    ),
    "passage-unclosed": (
        "::: 盟市",
        later("End it with ::: on a line of its own."),
    ),
    "heading-level": (
        "##### 五级",
        later("Use at most four levels."),
    ),
    "heading-number": (
        "二、 … 四、",
        later("Delete the number: headings are numbered by themselves."),
    ),
    "heading-space": (
        "#标题",
        later("Put a blank after #."),
    ),
    "list-level": (
        "- - - - 四层",
        later("Use at most three levels."),
    ),
    "list-number": (
        "1. … 3.",
        later("Delete the number, or correct it."),
    ),
    "line-lost": (
        "---",
        later("Write something, or delete the line."),
    ),
    "table-row": (
        "三栏的表头，四格的行",
        later("Give the row as many cells as the head has."),
    ),
    "image-in-body": (
        "![图]",
        later("Send the image as an attachment."),
    ),
    "markdown-literal": (
        "[链接](http://…)",
        later("Write it as plain text."),
    ),
    "templates-missing": (
        "templates: 模板",
        later("Correct the name, or remove `templates`."),
    ),
    "template-unused": (
        "通知模版.docx",
        later("Give the template the name of a shipped one."),
    ),
    "template": (
        "{{ titel }}",
        later("Correct the template where the message says."),
    ),
    "class-without-units": (
        "classes: {school: 学校}",
        later("Delete the class, or add its units to the roster."),
    ),
    "class-only-copied": (
        "role: 抄送",
        later("Address a unit of the class, or give the class nothing to do."),
    ),
    "recipients-without-units": (
        "recipients: [各市教育局]",
        later("Add the units to the roster, or correct the recipients."),
    ),
    "recipient-also-copied": (
        "主送：甲局 抄送：甲局",
        later("Take it out of one of the two."),
    ),
    "unseen-character": (
        "U+200B",
        later("Type the value anew."),
    ),
    "total-row": (
        "合计,合计,7",
        later("Delete the row."),
    ),
    "code-number": (
        "1.50101E+11",
        later("Make the column text (文本) in Excel, and type the codes anew."),
    ),
    "code-shorter": (
        "10101 / 010102",
        later("Write the zeros; or give the units codes of one width."),
    ),
    "name-broken": (
        "某某市⏎教育局",
        later("Write the name on one line."),
    ),
    "short-name-twice": (
        "教育局 / 教育局",
        later("Give each unit a short name of its own."),
    ),
    "blank-cell": (
        "联系电话",
        later("Fill the cell in."),
    ),
    "doubled-unit": (
        "甲市人社局 × 2",
        later("Delete one, or tell them apart by their short names."),
    ),
    "class-without-deadline": (
        "due: {盟市: …}",
        later("Give the class a deadline."),
    ),
    "anchor-missing": (
        "due: 活动结束后2日内",
        later("Write `event`, or give a date."),
    ),
    "dates-reversed": (
        "9月30日至9月1日",
        later("Exchange or correct the dates."),
    ),
    "deadline-before-issue": (
        "date_of_issue: 2026-09-10, due: 2026-09-01",
        later("Correct the deadline or the date of issue."),
    ),
    "deadline-after-superior": (
        "9月30日 > 9月20日",
        later("Set it before the superior's deadline."),
    ),
    "deadline-day-off": (
        "due: 2026-09-12",
        later("Choose a working day, or let it stand."),
    ),
    "calendar-unknown": (
        "due: 2031-05-01",
        later("Look at the calendar yourself."),
    ),
    "weekday-mismatch": (
        "9月10日（星期五）",
        later("Correct the weekday or the date."),
    ),
    "no-such-date": (
        "6月31日",
        later("Correct the date."),
    ),
    "deadline-repeated": (
        "请于9月10日前报送",
        later("Write {{ deadline.report }} in its place."),
    ),
    "deadline-contradicted": (
        "表：9月10日；正文：9月15日",
        later("Correct one of the two."),
    ),
    "not-a-number": (
        "名额: 十",
        later("Write it in figures."),
    ),
    "quota-not-a-number": (
        "名额: 约5",
        later("Write a whole number in the roster."),
    ),
    "min-above-max": (
        "min: 10, max: 5",
        later("Exchange or correct them."),
    ),
    "bound-unreadable": (
        "type: date, min: 5",
        later("Write the limit as a value of the type."),
    ),
    "total-mismatch": (
        "100 ≠ 40 + 50",
        later("Correct the quotas or the total."),
    ),
    "form-without-fields": (
        "fields: []",
        later("Give the form its fields."),
    ),
    "form-without-rows": (
        "layout: matrix",
        later("Write the fixed rows or the figures."),
    ),
    "form-without-groups": (
        "layout: grouped",
        later("Give a field its `group`, or use the layout table."),
    ),
    "field-misplaced": (
        "type: photo",
        later("Use the layout pairs, or move the field."),
    ),
    "cell-too-small": (
        "max_length: 500",
        later("Widen the column, or lower the limit."),
    ),
    "duplicate-category": (
        "choices: [是, 是]",
        later("Delete one of the two."),
    ),
    "sign-mistyped": (
        "｛｛ deadlines.report ｝｝",
        later("Type the signs in half width: {{ deadlines.report }}, ::: class."),
    ),
    "full-width-text": (
        "[讲座，座谈，观摩]",
        later("Type commas, brackets, # and | in half width where they are signs of the language."),
    ),
    "quoted-value": (
        "title: “关于……的通知”",
        later("Delete the quotation marks, or write ordinary ones."),
    ),
    "form-file": (
        "file: 统计表.xls",
        later("Save the form as .xlsx or .docx, and name either the file or `issued_later`."),
    ),
    "form-place": (
        "at: Sheet1!Z99",
        later("Correct the place: open the file and look where the field stands."),
    ),
    "form-unnamed": (
        "单位：____",
        later("Nothing is to be done; each unit writes its name itself."),
    ),
}
