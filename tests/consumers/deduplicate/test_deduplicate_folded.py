"""What of a word or a number is an outlet's custom."""

import pytest

from consumers.deduplicate.folded import folded


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1,000", "1000"),
        ("1.000.000", "1000000"),
        ("1:000:000,5", "1000000.5"),
        ("1,234.56", "1234.56"),
        ("1.234,56", "1234.56"),
        ("1.2.3", "1.2.3"),
        ("1,00,000", "100000"),
        ("12,34,56,789.50", "123456789.50"),
        ("10,20", "10.20"),
        ("14:05", "14.05"),
        ("3,5", "3.5"),
        ("٢٠٢٤", "2024"),
        ("१२", "12"),
        ("１２", "12"),
        ("①", "1"),
        ("Müller", "muller"),
        ("Mueller", "muller"),
        ("Grœnland", "gronland"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("İĞDIR", "igdir"),
        ("Łódź", "lodz"),
        ("ёлка", "елка"),
        ("مُحَمَّد", "محمد"),
        ("می\u200cخواهم", "میخواهم"),
        ("हिन्दी", "हिन्दी"),
        ("ガ", "ガ"),
        ("ﬁx", "fix"),
    ],
)
def test_folded(written, meant):
    assert folded(written) == meant
