"""The OpenAPI document is true: schemathesis makes requests from it, right and wrong ones, and looks at what is answered."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from push_server import serving

from newswire.intake.desk import Desk
from producers.push.senders import Senders

EXAMPLES = 40


@pytest.mark.parametrize("mode", ["positive", "negative"])
def test_the_server_does_what_its_document_says(
    desk: Desk, senders: Senders, senders_file: tuple[Path, str], mode: str
) -> None:
    import schemathesis
    from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance

    # Checks that do not hold here. The first: JSON Schema cannot say that what nearly is a field's name refuses an article, nor that its
    # text is given once. The second asks without a login, and with one for each; tests of ours do that with more cases.
    left_out = [positive_data_acceptance, ignored_auth]
    headers = {"authorization": f"Bearer {senders_file[1]}"}
    answers: Counter[int] = Counter()
    with serving(desk, senders) as port:
        schema = schemathesis.openapi.from_url(f"http://127.0.0.1:{port}/openapi.json")
        operation = schema["/v1/articles"]["POST"]

        @settings(
            max_examples=EXAMPLES,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
            derandomize=True,
            database=None,
        )
        @given(case=operation.as_strategy(generation_mode=schemathesis.GenerationMode(mode)))
        def check(case: Any) -> None:
            answers[case.call_and_validate(headers=headers, excluded_checks=left_out).status_code] += 1

        check()
        if mode == "negative":
            # Most of what is made up is wrong in its address too, which is said first: whether any gets as far as this is luck.
            wrong = operation.Case(body=[7], media_type="application/json")
            answers[wrong.call_and_validate(headers=headers, excluded_checks=left_out).status_code] += 1
    if mode == "positive":
        assert answers[202]
    else:
        assert answers[422]
    assert not answers[500]


def test_the_other_addresses_do_what_the_document_says(desk: Desk, senders: Senders) -> None:
    import schemathesis

    with serving(desk, senders) as port:
        schema = schemathesis.openapi.from_url(f"http://127.0.0.1:{port}/openapi.json")
        for path in ("/healthz", "/openapi.json"):
            schema[path]["GET"].Case().call_and_validate()
