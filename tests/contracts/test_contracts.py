"""The generated page, the one command for all generated files, and what the command line shows of the contract."""

import json
import re
import subprocess
import sys

import jsonschema
import pytest
import yaml

import schemas
from newswire.contracts import generate, page
from newswire.contracts.check import check
from newswire.contracts.export import export
from newswire.contracts.headers import HEADERS
from newswire.contracts.listing import listing
from newswire.errors import ContractError, UsageError
from schemas import compatibility
from schemas.difference import Breaking


def test_generated_files_are_in_step():
    assert generate.stale() == []


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """A tree in which all generated files are in step."""
    monkeypatch.setattr(generate, "ROOT", tmp_path)
    generate.write()
    return tmp_path


def test_check_names_what_is_stale_and_the_command_that_mends_it(copy, capsys):
    assert generate.main(["--check"]) == 0
    for name in ("schemas/tick/schema.json", "docs/asyncapi.yaml", "docs/contracts.md"):
        (copy / name).write_text("changed", encoding="utf-8")

    assert generate.main(["--check"]) == 5
    said = capsys.readouterr().err.splitlines()
    assert said == [
        "schemas/tick/schema.json",
        "docs/asyncapi.yaml",
        "docs/contracts.md",
        "are out of step with the contract; run: python -m newswire.contracts.generate",
    ]

    assert generate.main([]) == 0
    assert generate.main(["--check"]) == 0


def test_a_missing_file_is_stale(copy):
    (copy / "docs" / "contracts.md").unlink()
    assert generate.stale() == ["docs/contracts.md"]


def test_page_documents_every_field_header_and_rule():
    text = page.render()
    for event in schemas.EVENTS:
        _, _, section = text.partition(f"\n### {event}\n")
        section = section.partition("\n### ")[0]
        assert schemas.schema_id(event) in section
        for field in schemas.schema(event)["properties"]:
            assert f"\n| `{field}` | " in section, f"{event}.{field}"
        for part in schemas.schema(event).get("$defs", {}):
            assert f"\n### {part}\n" in text
    for header in HEADERS:
        assert f"| `{header.name}` |" in text
    for rule in compatibility.RULES:
        assert f"| {rule.change} |" in text


def test_page_links_lead_somewhere():
    text = page.render()
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    anchors = [heading.lower().replace(" ", "-") for heading in headings]
    assert len(set(anchors)) == len(anchors)
    for anchor in re.findall(r"\]\(#([^)]+)\)", text):
        assert anchor in anchors
    for target in re.findall(r"\]\(((?!#|http)[^)]+)\)", text):
        assert (generate.ROOT / "docs" / target).exists(), target


def test_tables_of_the_page_are_even():
    """A bar in a cell would shift its row."""
    width = 0
    for line in page.render().splitlines():
        if not line.startswith("|"):
            width = 0
            continue
        cells = len(re.findall(r"(?<!\\)\|", line))
        assert width in (0, cells), line
        width = cells


def test_check_says_that_all_is_well():
    assert check().startswith("the contract is in order")


def test_check_tells_everything_that_is_wrong(monkeypatch):
    broken = Breaking("raw", "/guid", "the field is gone", "subscribers rely on it", "keep it")
    monkeypatch.setattr(compatibility, "check", lambda topics: [broken])
    monkeypatch.setattr(generate, "stale", lambda: ["schemas/raw/schema.json", "docs/contracts.md"])
    with pytest.raises(ContractError) as raised:
        check()
    said = str(raised.value)
    assert "schemas/raw/schema.json is out of step" in said
    assert "docs/contracts.md is out of step" in said
    assert generate.COMMAND in said
    assert str(broken) in said
    assert raised.value.path == "/guid"
    assert raised.value.exit_code == 5


def test_export_is_all_that_a_subscriber_needs(tmp_path):
    written = export(tmp_path / "new" / "folder")
    index = json.loads((tmp_path / "new" / "folder" / "index.json").read_text(encoding="utf-8"))
    assert set(index) == set(schemas.EVENTS)
    for event, about in index.items():
        exported = json.loads((tmp_path / "new" / "folder" / about["file"]).read_text(encoding="utf-8"))
        assert exported == schemas.schema(event)
        assert exported["$id"] == about["id"]
        assert not [
            ref
            for ref in re.findall(r'"\$ref": "([^"]+)"', json.dumps(exported))
            if not ref.startswith("#/$defs/")
        ]
        jsonschema.Draft202012Validator.check_schema(exported)
    assert index["article"]["topic"] == "news.articles.v1"
    assert index["article"]["type"] == "newswire.article.v1"
    assert "topic" not in index["tick"]
    assert yaml.safe_load((tmp_path / "new" / "folder" / "asyncapi.yaml").read_text(encoding="utf-8"))[
        "asyncapi"
    ]
    assert sorted(path.name for path in written) == sorted(
        path.name for path in (tmp_path / "new" / "folder").iterdir()
    )
    assert export(tmp_path / "new" / "folder") == written


def test_export_into_a_file_is_refused(tmp_path):
    (tmp_path / "taken").write_text("", encoding="utf-8")
    with pytest.raises(UsageError, match=r"cannot write schemas to .*taken"):
        export(tmp_path / "taken")


def test_listing_has_every_event():
    listed = {one.event: one for one in listing()}
    assert list(listed) == list(schemas.EVENTS)
    assert listed["article"].topic == "news.articles.v1"
    assert listed["tick"].topic is None
    assert listed["tick"].fields == 1


@pytest.mark.parametrize(
    "statement",
    [
        "import schemas",
        "import newswire.contracts.listing as l; l.listing()",
        "import newswire.contracts.export",
    ],
)
def test_cheap_calls_load_nothing_heavy(statement):
    """`newswire schemas list` and every start of the command line wait for this."""
    heavy = ["pydantic", "jsonschema", "jsonschema_rs", "yaml", "kafka"]
    code = f"import sys; {statement}; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=generate.ROOT
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("module", ["schemas.generate", "newswire.contracts.generate"])
def test_commands_run_as_modules(module):
    done = subprocess.run(
        [sys.executable, "-m", module, "--check"],
        capture_output=True,
        text=True,
        check=False,
        cwd=generate.ROOT,
    )
    assert (done.returncode, done.stderr) == (0, "")
