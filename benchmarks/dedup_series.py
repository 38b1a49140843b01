"""Texts that look alike and are no copies: what a desk writes from one template, day after day or company after company.

All templates are ours. Each series has a voice of its own: of every sentence one wording is drawn for the series, and some are drawn anew
each day, as real series vary; names that belong to the series stay, and figures, days and the names of the day change.
"""

from __future__ import annotations

import random
from typing import Final

PLACES: Final = (
    "Ellery",
    "Saltby",
    "Norvik",
    "Kalvo",
    "Varberg",
    "Dunmere",
    "Ostrand",
    "Lisse",
    "Harwick",
    "Tolna",
)
_FIRMS: Final = (
    "Norvik Shipping", "Saltby Foods", "Brandt Bank", "Holm Energy", "Kalvo Steel", "Estrel Motors", "Arden Telecom", "Lasker Chemicals",
    "Farrow Retail", "Gannet Air", "Mardel Paper", "Jessop Mining", "Corvin Drugs", "Dalga Cement", "Belmont Insurance", "Harlan Timber",
)  # fmt: skip
_PEOPLE: Final = (
    "Agnes Holm", "Piet Brandt", "Ulla Rask", "Jon Dahl", "Mira Osei", "Karel Novak", "Ida Lund", "Tom Reyes", "Sana Malik", "Leo Faber",
    "Nora Quist", "Omar Haddad", "Ruth Keller", "Ivan Petrov", "Chloe Martin", "Yuki Tanaka",
)  # fmt: skip
_CLUBS: Final = ("Rovers", "United", "Athletic", "Wanderers", "City", "Albion", "Town", "Rangers")
_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
_MONTHS: Final = ("January", "February", "March", "April", "May", "June")

Sentence = tuple[str, ...]
"""Wordings of one sentence; the first is the one a template keeps to."""

_MARKET: Final[tuple[Sentence, ...]] = (
    (
        ("Shares in {place} closed {way} on {day}, with the {place} 20 index ending at {points} points, "
        "{pct} percent {than} the day before."),
        ("The {place} 20 index ended {day} at {points} points, {way} by {pct} percent, as investors weighed "
        "earnings against interest rates."),
        "Stocks finished {way} in {place} on {day}: the benchmark index moved {pct} percent to {points} points in moderate trading.",
    ),
    (
        ("Among the biggest movers, shares of {firm} {moved} {pct2} percent to {price} crowns, while {firm2} "
        "{moved2} {pct3} percent to {price2}."),
        "{firm} {moved} {pct2} percent to {price} crowns after a broker changed its view, and {firm2} {moved2} {pct3} percent.",
    ),
    ("Turnover on the exchange was {many} million crowns, compared with {many2} million crowns in the session before.",),
    (
        ("The crown traded at {small} against the euro in late dealings. Brent crude for next-month delivery "
        "stood at {price3} dollars a barrel."),
        "The crown was little changed at {small} to the euro, and a barrel of Brent crude cost {price3} dollars.",
    ),
    ("The yield on the ten-year government bond was {pct} percent, according to data of the central bank.",),
    ("Prices are delayed by at least fifteen minutes. Past performance is no guide to the future, and nothing here is investment advice.",),
)  # fmt: skip
_WEATHER: Final[tuple[Sentence, ...]] = (
    (
        "{day} will be {sky} in {place} and along the coast, with highs of {deg} degrees inland and {deg2} degrees by the sea.",
        "The weather office expects {sky} conditions in {place} on {day}, with temperatures between {deg2} and {deg} degrees.",
    ),
    (
        "Winds will be {wind} at {kmh} kilometres an hour, with gusts of up to {kmh2} over the hills in the afternoon.",
        "Expect {wind} winds of {kmh} kilometres an hour, gusting to {kmh2}.",
    ),
    ("Between {mm} and {mm2} millimetres of rain are forecast for the north of the region by midnight, the weather office said.",),
    ("Sunrise is at {hour}.{minute} and sunset at {hour2}.{minute2}. The sea temperature at the pier is {deg2} degrees.",),
    (
        "The outlook for the rest of the week is {sky}, with little change before the weekend.",
        "Later in the week it turns {sky}, forecasters said.",
    ),
    (("Residents are asked to check the warnings of the weather office before they set out, and to keep "
    "away from the sea wall at high tide."),),
)  # fmt: skip
_MATCH: Final[tuple[Sentence, ...]] = (
    (
        "{place} {club} beat {place2} {club2} {goals}-{goals2} on {day} in front of a crowd of {crowd} to stay in touch with the leaders.",
        "{person} scored as {place} {club} saw off {place2} {club2} {goals}-{goals2} on {day}.",
        "A goal by {person} in the {minute}th minute was the highlight of a {goals}-{goals2} win for {place} {club} over {place2} {club2}.",
    ),
    (
        "{person} opened the scoring in the {minute}th minute with a low shot, and {person2} doubled the lead shortly before the break.",
        "It was {person2} who struck first, after {minute} minutes, before {person} added a second from the penalty spot.",
    ),
    (("\"We are taking it one game at a time,\" said the coach, {person3}. \"The boys gave everything "
    "today and we deserved the three points.\""),),
    ("The result leaves {place} {club} in place {rank} of the table with {rank2} points, while the visitors stay in place {rank3}.",),
    ("The next round of matches in the league is played at the weekend, with all games shown live on the league's own channel.",),
)  # fmt: skip
_RESULTS: Final[tuple[Sentence, ...]] = (
    (
        "{firm} said on {day} its net profit {moved} {pct2} percent to {many} million crowns in the quarter to the end of {month}.",
        "Quarterly net profit of {firm} {moved} to {many} million crowns, the company said on {day}, from {many2} million a year earlier.",
    ),
    (
        "Revenue {moved2} {pct3} percent to {many3} million crowns, compared with the {many4} million expected on average by analysts.",
        "Sales were {many3} million crowns, where analysts polled before the report had expected {many4} million.",
    ),
    ("Earnings per share were {small} crowns, against {small2} crowns in the same quarter of last year.",),
    (
        "\"We delivered a solid quarter in a demanding environment,\" said chief executive {person}. \"Our strategy is working.\"",
        "Chief executive {person} spoke of a solid quarter and confirmed the outlook for the full year.",
    ),
    ("The company expects revenue growth of {pct} percent this year. It will pay a dividend of {small2} crowns a share.",),
    ("Shares of {firm} {moved} {pct} percent in early trading in {place}, where the wider market was little changed.",),
    ("This report contains forward-looking statements that are subject to risks and uncertainties and may differ from actual results.",),
)  # fmt: skip
_RATES: Final[tuple[Sentence, ...]] = (
    ("Here are the exchange rates of the crown in {place} on {day}, as set by the central bank at noon.",),
    ("One euro costs {small} crowns, one United States dollar {small2} crowns and one British pound {small3} crowns.",),
    (("A hundred Japanese yen are worth {small4} crowns. The Swiss franc was set at {small5} crowns, and "
    "ten Swedish kronor at {small6} crowns."),),
    ("Gold was traded at {crowd} crowns an ounce, and a litre of petrol cost {small3} crowns on average at filling stations in {place}.",),
    ("The rates are published every working day and hold until noon of the next. Banks and exchange offices may charge a fee on top.",),
)  # fmt: skip

SERIES: Final = {
    "daily market": (_MARKET, True),
    "daily weather": (_WEATHER, True),
    "daily rates": (_RATES, True),
    "match reports": (_MATCH, False),
    "company results": (_RESULTS, False),
}
"""By kind: the template, and whether place and firms are the same in the whole series."""
_SKIES: Final = (
    "dry and sunny",
    "cloudy with bright spells",
    "wet and windy",
    "foggy at first",
    "mild and overcast",
    "cold and clear",
)
_WINDS: Final = (
    "light westerly",
    "fresh southerly",
    "strong north-easterly",
    "moderate easterly",
    "variable",
)


def series(rng: random.Random, kind: str, length: int) -> list[list[str]]:
    """Return the texts of one series, as lines."""
    template, same = SERIES[kind]
    voice = [rng.choice(sentence) for sentence in template]
    kept = _names(rng)
    texts = []
    for number in range(length):
        names = _names(rng) if not same else kept | {"firm": rng.choice(_FIRMS), "firm2": rng.choice(_FIRMS)}
        values = names | _figures(rng) | {"day": _DAYS[number % len(_DAYS)]}
        lines = [
            rng.choice(sentence) if rng.random() < 0.2 else voiced
            for sentence, voiced in zip(template, voice, strict=True)
        ]
        texts.append([line.format_map(values) for line in lines])
    return texts


def _names(rng: random.Random) -> dict[str, str]:
    places, firms, people, clubs = (rng.sample(list(pool), 3) for pool in (PLACES, _FIRMS, _PEOPLE, _CLUBS))
    return {
        "place": places[0], "place2": places[1], "firm": firms[0], "firm2": firms[1], "person": people[0], "person2": people[1],
        "person3": people[2], "club": clubs[0], "club2": clubs[1],
    }  # fmt: skip


def _figures(rng: random.Random) -> dict[str, str]:
    up, up2 = rng.random() < 0.5, rng.random() < 0.5
    small = {f"small{n or ''}": f"{rng.uniform(0.5, 19):.2f}" for n in (0, 2, 3, 4, 5, 6)}
    percents = {f"pct{n or ''}": f"{rng.uniform(0.1, 9):.1f}" for n in (0, 2, 3)}
    prices = {f"price{n or ''}": f"{rng.uniform(20, 300):.2f}" for n in (0, 2, 3)}
    many = {f"many{n or ''}": f"{rng.randrange(100, 9000):,}" for n in (0, 2, 3, 4)}
    ranks = {f"rank{n or ''}": str(rng.randrange(1, 60)) for n in (0, 2, 3)}
    return small | percents | prices | many | ranks | {
        "way": "higher" if up else "lower", "than": "above" if up else "below", "points": f"{rng.uniform(1200, 1900):,.2f}",
        "moved": "rose" if up2 else "fell", "moved2": "gained" if up else "lost", "sky": rng.choice(_SKIES), "wind": rng.choice(_WINDS),
        "deg": str(rng.randrange(8, 31)), "deg2": str(rng.randrange(2, 19)), "kmh": str(rng.randrange(5, 50)),
        "kmh2": str(rng.randrange(50, 99)), "mm": str(rng.randrange(1, 9)), "mm2": str(rng.randrange(10, 40)),
        "hour": str(rng.randrange(5, 9)), "hour2": str(rng.randrange(16, 22)), "minute": f"{rng.randrange(10, 60)}",
        "minute2": f"{rng.randrange(10, 60)}", "goals": str(rng.randrange(2, 6)), "goals2": str(rng.randrange(0, 2)),
        "crowd": f"{rng.randrange(2000, 60000):,}", "month": rng.choice(_MONTHS),
    }  # fmt: skip
