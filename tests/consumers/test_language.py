"""The language detector: right on plain prose, silent where there is too little of it."""

import pytest

from consumers.language import detect

TEXTS = {
    "en": "The harbour board said on Tuesday that the old ferry pier would close in spring, because repairs cost more than the fares "
    "of ten years would bring in, and nobody had offered to pay.",
    "de": "Der Hafenausschuss teilte am Dienstag mit, dass der alte Fähranleger im Frühjahr geschlossen wird, weil die Reparatur mehr "
    "kostet, als die Fahrkarten in zehn Jahren einbringen.",
    "fr": "La commission du port a annoncé mardi que le vieil embarcadère fermerait au printemps, parce que les travaux coûtent plus "
    "cher que ce que rapporteraient les billets en dix ans.",
    "es": "La junta del puerto anunció el martes que el viejo muelle del transbordador cerrará en primavera, porque las obras cuestan "
    "más de lo que darían los billetes en diez años.",
    "ru": "Управление порта сообщило во вторник, что старый паромный причал закроют весной, потому что ремонт стоит больше, чем принесут "
    "билеты за десять лет, а платить за него никто не вызвался.",
    "ar": "أعلنت هيئة الميناء يوم الثلاثاء أن رصيف العبارات القديم سيغلق في الربيع لأن كلفة الإصلاح أكبر مما تجنيه التذاكر في عشر سنوات "
    "ولم يعرض أحد أن يدفع ثمنها حتى الآن",
    "ja": "港湾委員会は火曜日、古いフェリー桟橋を春に閉鎖すると発表した。修理費が"
    "十年分の運賃収入を上回り、負担を申し出る者がいなかったためだという。",
    "zh": "港务委员会周二表示，旧渡轮码头将于春季关闭，因为维修费用超过十年的票款收入，而且没有人愿意承担这笔费用。",
    "hi": "बंदरगाह समिति ने मंगलवार को कहा कि पुराना घाट वसंत में बंद हो जाएगा क्योंकि मरम्मत का खर्च दस साल के किराये से भी अधिक है और किसी ने "
    "इसे उठाने की पेशकश नहीं की है",
}


@pytest.mark.parametrize("code", TEXTS)
def test_plain_prose_is_recognised(code: str) -> None:
    found, confidence = detect(TEXTS[code])
    assert found == code
    assert 0.6 <= confidence <= 1


@pytest.mark.parametrize(
    "text", ["", "Live", "Police say three people hurt", "12 345 678 " * 40, "https://a.example/b " * 40]
)
def test_too_little_text_is_not_guessed_at(text: str) -> None:
    assert detect(text) == (None, 0.0)


def test_the_answer_does_not_change() -> None:
    assert detect(TEXTS["en"]) == detect(TEXTS["en"])
