"""Bytes in the encodings of the news, declared rightly, wrongly or not at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newswire.text.charset import decode

EN = "“We can’t go on,” said Zoë Quill – she has kept the café since 1999, at €900 a month, in the naïve hope of a dry spring."
DE = "Die Fähre fährt übermorgen wieder, hieß es; größere Schollen gebe es nur noch südlich der Sandbank. „Schön“, sagte Jörn."
FR = "« Les gens demandaient du pain », raconte le boulanger, qui a quitté son métier à Noël ; c’était à l’œuvre du maçon, là-bas."
ES = "El año pasado, según la alcaldesa, llovió más que en los diez años anteriores: ¿qué pasará ahora?, preguntó el niño."
CS = "Správce plavební komory v pondělí oznámil, že vrata zůstanou zavřená, dokud se ručně neodstraní bahno; příliš žluťoučký kůň."
PL = "Zarządca śluzy ogłosił w poniedziałek, że wrota pozostaną zamknięte, dopóki muł nie zostanie usunięty ręcznie; żółć, gęś."
HU = "A zsilip őre hétfőn közölte, hogy a kapuk zárva maradnak, amíg az iszapot kézzel el nem távolítják; tűzoltók, műkő, erdő."
TR = "Havuz bekçisi pazartesi günü, çamur elle temizlenene kadar kapıların kapalı kalacağını söyledi; ışık, şehir, öğle, ağaç."
RU = "Смотрители шлюза сообщили в понедельник, что ворота останутся закрытыми, пока ил не уберут вручную, а лодки подождут."
EL = "Οι φύλακες της δεξαμενής είπαν τη Δευτέρα ότι οι πύλες θα μείνουν κλειστές μέχρι να καθαριστεί η λάσπη με το χέρι."
JA = "管理員は月曜日、泥を手作業で取り除くまで門を閉めたままにすると述べた。砂利を積んだ船が外で待っているという。"
ZH = "管理员星期一表示，在人工清除淤泥之前，闸门将一直关闭。一艘装着砾石的船在外面等候，周末之前还会有两艘到达。"
KO = "관리인은 월요일 진흙을 손으로 치울 때까지 문을 닫아 둘 것이라고 말했다. 자갈을 실은 배가 밖에서 기다리고 있다."
AR = "قال حراس القفل يوم الاثنين إن البوابات ستبقى مغلقة حتى تتم إزالة الطمي باليد وإن قاربا محملا بالحصى ينتظر في الخارج"
HE = (
    "שומרי הסכר אמרו ביום שני שהשערים יישארו סגורים עד שהבוץ יפונה ביד, וסירה עם חצץ ממתינה בחוץ עד סוף השבוע"
)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        *((text, "utf-8") for text in (EN, DE, RU, JA, AR)),
        *((text, "utf-8-sig") for text in (EN, JA)),
        *((text, "utf-16") for text in (EN, RU, JA)),
        *((text, "utf-16-le") for text in (EN, RU)),
        *((text, "utf-16-be") for text in (EN, RU)),
        (EN, "utf-32"),
        *((text, "cp1252") for text in (EN, DE, FR, ES)),
        *((text, "cp1250") for text in (CS, PL, HU)),
        (TR, "cp1254"),
        (RU, "cp1251"),
        (RU, "koi8-r"),
        (EL, "cp1253"),
        (AR, "cp1256"),
        (HE, "cp1255"),
        (JA, "shift_jis"),
        (JA, "euc_jp"),
        (JA, "iso2022_jp"),
        (ZH, "gb18030"),
        (KO, "euc_kr"),
    ],
)
def test_found_out_from_the_bytes(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)).text == text


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("cp1251", "Windows-1251"),
        ("koi8_r", " KOI8-R "),
        ("cp1251", '"windows-1251"'),
        ("iso8859_5", "ISO-8859-5"),
        ("cp866", "ibm866"),
    ],
)
def test_a_right_declaration_is_believed(encoding: str, declared: str) -> None:
    found = decode("Шлюз".encode(encoding), declared)
    assert (found.text, found.certain) == ("Шлюз", True)


@pytest.mark.parametrize(
    "declared",
    [None, "", "utf-8", "iso-utf-8", "no-such", "windows-1251", "\0", "a" * 5000, "base64", "rot13", "idna"],
)
def test_a_wrong_declaration_does_no_harm(declared: str | None) -> None:
    assert decode(DE.encode(), declared).text == DE


def test_latin_1_is_read_as_browsers_do() -> None:
    assert decode(EN.encode("cp1252"), "ISO-8859-1").text == EN


@pytest.mark.parametrize(
    "head",
    [
        b'<meta charset="windows-1251">',
        b"<META HTTP-EQUIV=content-type CONTENT='text/html; charset=WINDOWS-1251'>",
        b'<?xml version="1.0" encoding="windows-1251"?>',
        b"<!-- " + b"x" * 1500 + b" --><meta charset=windows-1251>",
    ],
)
def test_declared_in_the_markup(head: bytes) -> None:
    assert decode(head + "Шлюз".encode("cp1251"), markup=True).text.endswith("Шлюз")
    assert decode(head + "Шлюз".encode("cp1251"), "utf-8", markup=True).text.endswith("Шлюз")


def test_damaged_utf8_stays_utf8() -> None:
    damaged = DE.encode().replace("ü".encode(), b"\xc3", 1)
    assert decode(damaged).text == DE.replace("ü", "\ufffd", 1)


@pytest.mark.parametrize(
    "data", [bytes(range(128, 160)) * 9, b"\x81\x01\x02\x03\x04\x05" * 60, bytes(range(256)) * 3]
)
def test_what_is_no_text(data: bytes) -> None:
    with pytest.raises(ValueError, match="no encoding"):
        decode(data)


@given(st.binary(max_size=300), st.sampled_from([None, "utf-8", "shift_jis", "utf-16", "cp1252"]))
def test_any_bytes_are_decoded_or_refused(data: bytes, declared: str | None) -> None:
    try:
        text = decode(data, declared, markup=True).text
    except ValueError:
        return
    text.encode("utf-8")
