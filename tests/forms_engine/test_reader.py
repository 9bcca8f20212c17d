"""The reader at its edge: only names of the plan, nothing a browser would not send, characters as people type them."""

from __future__ import annotations

import base64
import io
import struct
import zlib
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest

from core.errors import RequestError, TooLarge
from forms import Form
from tests.forms_engine.browser import attributes, posted

FORM = Form(
    {
        "type": "object",
        "properties": {
            "name": {"type": "string"},
            "n": {"type": "integer"},
            "x": {"type": "number"},
            "id": {"type": "string", "format": "cn-id-number"},
            "phone": {"type": "string", "format": "cn-mobile"},
            "money": {"type": "string", "format": "cn-money"},
            "born": {"type": "string", "format": "date"},
            "at": {"type": "string", "format": "time"},
            "kinds": {"type": "array", "uniqueItems": True, "items": {"enum": ["a", "b"]}},
            "ok": {"const": True},
            "rows": {"type": "array", "items": {"type": "object", "properties": {"a": {"type": "string"}}}},
            "list": {"type": "array", "items": {"type": "string"}},
            "car": {"type": "boolean"},
        },
    }
)


class TestAsPeopleType:
    @pytest.mark.parametrize(
        ("name", "typed", "meant"),
        [
            ("n", "１２", 12),
            ("n", " 1,200 ", 1200),
            ("n", "-3", -3),
            ("n", "３．０", 3),
            ("x", "3.50", 3.5),
            ("x", "。5", 0.5),
            ("id", "11010519491231002x", "11010519491231002X"),
            ("id", "110105 19491231 002Ｘ", "11010519491231002X"),
            ("phone", "139-0000-0000", "13900000000"),
            ("phone", "+86 139 0000 0000", "13900000000"),
            ("money", "¥1,280.50元", "1280.50"),
            ("money", "１２８０．５", "1280.5"),
            ("at", "9：05", "09:05:00+08:00"),
            ("name", "  张三 ", "张三"),
            ("name", "１２号", "１２号"),
        ],
    )
    def test_it_is_read_as_meant(self, name: str, typed: str, meant: Any) -> None:
        assert FORM.read([(f"/{name}", typed)]).answers == {name: meant}

    @pytest.mark.parametrize(
        "typed", ["十二", "1e2", "１Ｅ５", "1.5e21", "1e999", "NaN", "Infinity", "0x10", "1_000", "9" * 400]
    )
    def test_what_is_no_number_stays_as_typed(self, typed: str) -> None:
        assert FORM.read([("/n", typed)]).answers in ({"n": typed}, {"n": int(typed) if typed.isdigit() else typed})

    def test_a_code_that_looks_like_a_power_of_ten_stays_a_code(self) -> None:
        form = Form({"properties": {"any": {}, "either": {"type": ["string", "number"]}}})
        assert form.read([("/any", "1e2"), ("/either", "3E5")]).answers == {"any": "1e2", "either": "3E5"}

    def test_a_number_too_long_to_write_out_comes_back_as_it_was_shown(self) -> None:
        form = Form({"properties": {"n": {"type": "number"}, "any": {}}})
        for n in (1e60, 2.5e-45, 1.7976931348623157e308):
            assert form.read([("/n", repr(n)), ("/any", repr(n))]).answers == {"n": n, "any": n}

    def test_a_date_may_be_typed_in_any_width(self) -> None:
        assert FORM.read([("_y:/born", "１９４０"), ("_m:/born", "2月"), ("_d:/born", " 3 ")]).answers == {
            "born": "1940-02-03"
        }

    @pytest.mark.parametrize("blank", ["", "  ", "\u3000"])
    def test_blank_is_absent(self, blank: str) -> None:
        assert FORM.read([("/name", blank), ("/n", blank)]).answers == {}

    def test_line_ends_are_one_kind(self) -> None:
        form = Form({"properties": {"t": {"type": "string", "maxLength": 999}}})
        assert form.read([("/t", "一\r\n二\r\n")]).answers == {"t": "一\n二"}


class TestUntickedOrAbsent:
    def test_boxes_that_were_not_on_the_page_are_not_unticked(self) -> None:
        reading = FORM.read([("/name", "x")])
        assert reading.onto({"kinds": ["a"], "ok": True}) == {"kinds": ["a"], "ok": True, "name": "x"}

    def test_boxes_that_were_on_the_page_are(self) -> None:
        reading = FORM.read([("_seen:/kinds", "0"), ("_seen:/ok", "0")])
        assert reading.onto({"kinds": ["a"], "ok": True, "name": "x"}) == {"name": "x"}

    def test_text_blanked_on_the_page_is_gone(self) -> None:
        assert FORM.read([("/name", "")]).onto({"name": "x", "n": 1}) == {"n": 1}


class TestNamesOfThePlan:
    def test_others_are_ignored_and_counted(self) -> None:
        reading = FORM.read([("/name", "x"), ("/zz", "1"), ("zz", "1"), ("/name/deeper", "1"), ("/rows/0/zz", "1")])
        assert reading.answers == {"name": "x"}
        assert set(reading.unknown) == {"/zz", "zz", "/name/deeper", "/rows/0/zz"}

    def test_rows_are_compacted(self) -> None:
        reading = FORM.read([("/rows/7/a", "y"), ("/rows/3/a", "x"), ("/rows/5/a", "")])
        assert reading.answers == {"rows": [{"a": "x"}, {"a": "y"}]}

    def test_further_properties_need_a_schema_that_allows_them(self) -> None:
        closed = Form({"properties": {"a": {"type": "string"}}, "additionalProperties": False})
        assert closed.read([("_key:/~+0", "b"), ("/~+0", "1")]).answers == {}

    def test_a_further_property_cannot_pose_as_a_question(self) -> None:
        assert FORM.read([("_key:/~+0", "name"), ("/~+0", "hack")]).answers == {}


class TestRefused:
    @pytest.mark.parametrize(
        ("pairs", "status"),
        [
            ([("/name", "a\x00b")], 400),
            ([("/na\x00me", "a")], 400),
            ([("/name", "a\ud800b")], 400),
            ([("/name", "\ufffd")], 400),
            ([("/rows/1234567890/a", "x")], 400),
            ([("/rows/99999999999999999999999/a", "x")], 400),
            ([("/name", "a"), ("/name", "b")], 400),
            ([(f"/rows/{i}/a", "x") for i in range(9_000)], 413),
            ([("/rows/12345/a", "x")], 400),
            ([(f"/z{i}", "x") for i in range(100_000)], 413),
        ],
    )
    def test_plainly_and_with_the_right_status(self, pairs: list[tuple[str, str]], status: int) -> None:
        with pytest.raises(RequestError) as refused:
            FORM.read(pairs)
        assert refused.value.status == status
        assert str(refused.value)

    def test_before_the_end_of_an_endless_post_is_seen(self) -> None:
        def endless() -> Any:
            while True:
                yield "/name", "x"

        with pytest.raises(TooLarge):
            FORM.read(endless())

    def test_deep_names_are_no_trouble(self) -> None:
        assert FORM.read([("/" + "a/" * 5_000, "x"), ("/rows" + "/0" * 3_000, "x")]).answers in ({}, {"rows": [{}]})


class TestFiles:
    FORM = Form({"properties": {"f": {"type": "string", "format": "data-url", "title": "照片"}}})

    @staticmethod
    def upload(name: str, data: bytes) -> Any:
        return SimpleNamespace(filename=name, file=io.BytesIO(data))

    def test_one_becomes_a_data_url_and_survives_the_next_page(self) -> None:
        reading = self.FORM.read([("/f", ""), ("_file:/f", self.upload("照 片.png", b"\x89PNG\r\n\x1a\nxx"))])
        assert reading.answers["f"].startswith("data:image/png;name=%E7%85%A7%20%E7%89%87.png;base64,")
        assert self.FORM.read(posted(self.FORM.render(reading.answers))).answers == reading.answers

    def test_none_chosen_keeps_the_one_before(self) -> None:
        reading = self.FORM.read([("/f", "data:,x"), ("_file:/f", self.upload("", b""))])
        assert reading.answers == {"f": "data:,x"}

    @pytest.mark.parametrize(("name", "data"), [("a.png", b"%PDF-1.7"), ("a.pdf", b"<html>"), ("a.jpg", b"")])
    def test_a_content_that_is_not_what_the_name_says_is_told_and_nothing_else_is_lost(
        self, name: str, data: bytes
    ) -> None:
        reading = self.FORM.read([("/f", "data:,x"), ("_file:/f", self.upload(name, data))])
        assert [(p.at, name in p.message) for p in reading.problems] == [("/f", True)]
        assert reading.answers == {"f": "data:,x"}

    def test_one_that_is_too_large_is_told(self) -> None:
        big = b"\x89PNG\r\n\x1a\n" + b"x" * 6_000_000
        assert "5 MB" in self.FORM.read([("_file:/f", self.upload("a.png", big))]).problems[0].message

    def test_one_of_another_kind_than_is_asked_for_is_told(self) -> None:
        form = Form({"properties": {"f": {"type": "string", "contentMediaType": "image/*", "title": "照片"}}})
        pdf = [("_file:/f", self.upload("a.pdf", b"%PDF-1.7"))]
        assert form.read(pdf).problems
        assert form.read(pdf, language="en").problems[0].message.startswith("照片 (a.pdf): choose another")
        assert not form.read([("_file:/f", self.upload("a.jpg", b"\xff\xd8\xffx"))]).problems

    def test_the_one_on_hand_is_named_and_can_be_taken_back(self) -> None:
        kept = {"f": "data:text/plain;name=%E6%88%B7.txt;base64,aGVsbG8="}
        html = self.FORM.render(kept)
        assert "户.txt" in html
        assert self.FORM.read([*posted(html), ("_drop:/f", "1")]).answers == {}
        assert " hidden" in self.FORM.render()


class TestSignature:
    FORM = Form({"properties": {"s": {"type": "string", "format": "signature", "title": "签名"}}})

    @staticmethod
    def png(width: int = 3, height: int = 2, *, claimed: int = 0, tail: bytes = b"") -> str:
        def chunk(kind: bytes, body: bytes) -> bytes:
            return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

        header = struct.pack(">IIBBBBB", claimed or width, height, 8, 0, 0, 0, 0)
        data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
        data += chunk(b"IDAT", zlib.compress(b"\0" * (height * (width + 1)))) + chunk(b"IEND", b"") + tail
        return "data:image/png;base64," + base64.b64encode(data).decode()

    def test_a_drawn_one_survives_the_page_and_is_shown(self) -> None:
        drawn = self.png()
        reading = self.FORM.read([("/s", ""), ("_sign:/s", drawn)])
        assert reading.answers == {"s": drawn}
        html = self.FORM.render(reading.answers)
        assert f'src="{drawn}"' in html
        assert self.FORM.read(posted(html)).answers == {"s": drawn}
        assert self.FORM.problems(reading.answers) == []
        assert f'src="{drawn}"' in self.FORM.review(reading.answers)

    def test_a_typed_name_comes_before_the_drawn_one(self) -> None:
        assert self.FORM.read([("/s", "张三"), ("_sign:/s", self.png())]).answers == {"s": "张三"}
        assert self.FORM.problems({"s": "张三"}) == []

    @pytest.mark.parametrize(
        "broken",
        [
            "data:image/png;base64,AAAA",
            "data:image/png;base64,%%%",
            "data:text/html;base64,PGI+",
            png(claimed=9),
            png(claimed=100_000),
            png(tail=b"<script>"),
            png()[:-8],
            png().replace("png", "svg+xml"),
            "data:image/png;base64," + "A" * 400_000,
        ],
        ids=range(9),
    )
    def test_what_is_no_picture_is_refused(self, broken: str) -> None:
        reading = self.FORM.read([("/s", ""), ("_sign:/s", broken)])
        assert reading.answers == {}
        assert [p.at for p in reading.problems] == ["/s"]
        assert [p.keyword for p in self.FORM.problems({"s": broken})] == ["format"]


class TestButtons:
    """Rows by named submit buttons: all of it without JavaScript."""

    ANSWERS: ClassVar[dict[str, Any]] = {"rows": [{"a": "x"}, {"a": "y"}, {"a": "z"}], "list": ["p"]}

    def press(self, name: str, value: str) -> Any:
        html = FORM.render(self.ANSWERS)
        return FORM.read(posted(html, button=(name, value)))

    def test_every_button_on_the_page_is_named_and_says_what_it_does(self) -> None:
        buttons = [a for a in attributes(FORM.render(self.ANSWERS)) if a.get("type") == "submit"]
        assert buttons
        assert all(b["name"] in ("_add", "_remove", "_up", "_down") and b["value"].startswith("/") for b in buttons)

    def test_add(self) -> None:
        reading = self.press("_add", "/rows")
        assert reading.answers["rows"] == [*self.ANSWERS["rows"], {}]
        assert reading.action == "_add"
        assert 'name="/rows/3/a"' in FORM.render(reading.answers)

    def test_add_a_text_row_that_is_gone_when_left_blank(self) -> None:
        html = FORM.render(self.press("_add", "/list").answers)
        assert 'name="/list/1"' in html
        assert FORM.read(posted(html)).answers["list"] == ["p"]

    def test_remove(self) -> None:
        assert self.press("_remove", "/rows/1").answers["rows"] == [{"a": "x"}, {"a": "z"}]

    def test_up_and_down(self) -> None:
        assert [r["a"] for r in self.press("_up", "/rows/1").answers["rows"]] == ["y", "x", "z"]
        assert [r["a"] for r in self.press("_down", "/rows/1").answers["rows"]] == ["x", "z", "y"]

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("_remove", "/rows/9"),
            ("_up", "/rows/0"),
            ("_down", "/rows/2"),
            ("_add", "/gone"),
            ("_add", ""),
            ("_up", "x"),
            ("_add", "/name"),
        ],
    )
    def test_what_fits_nothing_changes_nothing(self, name: str, value: str) -> None:
        assert self.press(name, value).answers == self.ANSWERS

    def test_the_last_row_removed_is_the_list_gone_from_the_draft(self) -> None:
        html = FORM.render({"rows": [{"a": "x"}]})
        reading = FORM.read(posted(html, button=("_remove", "/rows/0")))
        assert not reading.onto({"rows": [{"a": "x"}]}).get("rows")

    def test_no_more_rows_than_the_schema_allows_are_offered(self) -> None:
        form = Form({"properties": {"l": {"type": "array", "maxItems": 2, "items": {"type": "string"}}}})
        assert 'name="_add"' in form.render({"l": ["a"]})
        assert 'name="_add"' not in form.render({"l": ["a", "b"]})

    def test_a_part_that_contains_itself_is_added_and_taken_away(self) -> None:
        form = Form({"type": "object", "properties": {"v": {"type": "string"}, "next": {"$ref": "#"}}})
        answers: Any = {"v": "1", "next": {"v": "2", "next": {"v": "3"}}}
        adds = [a["value"] for a in attributes(form.render(answers)) if a.get("name") == "_add"]
        assert adds
        grown = form.read(posted(form.render(answers), button=("_add", adds[-1]))).answers
        assert grown != answers
        assert form.read(posted(form.render(grown))).answers == grown
