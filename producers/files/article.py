"""One JSON record to one raw event. README.md beside this file documents the record's fields."""

from __future__ import annotations

import base64
import binascii
import difflib
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from pydantic import ValidationError

from newswire.topology import MIB
from producers.files.body import body_fields, refuse_binary
from producers.files.formats import sniff
from producers.files.found import Refusal
from schemas.core.rights import Rights
from schemas.core.source import Source
from schemas.raw.model import Item, Raw

FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "url": ("link", "canonical_url"),
    "guid": ("id", "uri"),
    "headline": ("title",),
    "summary": ("description", "standfirst", "abstract", "lead"),
    "text": ("body_text", "content_text", "article_body"),
    "html": ("body_html", "content_html"),
    "body": ("content",),
    "authors": ("author", "byline", "bylines"),
    "published": ("published_at", "date_published", "pub_date", "date"),
    "modified": ("modified_at", "date_modified", "updated", "updated_at"),
    "language": ("lang", "in_language"),
    "section": ("category", "article_section"),
    "keywords": ("tags",),
    "source": (),
    "publisher": (),
    "status": ("pubstatus",),
    "embargoed_until": ("embargo", "embargoed"),
    "license": ("licence",),
    "usage_terms": ("usageterms",),
    "copyright_notice": ("copyright", "copyrightnotice"),
    "text_and_data_mining": ("tdm",),
    "captured_at": (),
    "media_type": ("content_type", "mime_type"),
    "charset": (),
    "body_encoding": (),
}
"""Field of a record -> other names it may have. Case, hyphens and camel case do not matter: `datePublished` is `date_published`."""

_STATUS: Final = {
    **dict.fromkeys(("", "usable", "published", "public"), "usable"),
    **dict.fromkeys(("withheld", "withhold", "hold"), "withheld"),
    **dict.fromkeys(("canceled", "cancelled", "withdrawn", "killed", "retracted"), "canceled"),
}
_MINING: Final = {
    "allowed": "allowed",
    "reserved": "reserved",
    "0": "allowed",
    "1": "reserved",
}  # TDMRep uses 0 and 1
_BY_NAME: Final = {
    name.replace("_", ""): (field, name) for field, others in FIELDS.items() for name in (field, *others)
}
_RAW_PARTS: Final = ("item", "rights")
_MAX_ITEM_CHARACTERS: Final = MIB // 2
_BETWEEN_WORDS: Final = re.compile(r"[_-]")
_MEDIA: Final = {"text": "text/plain", "html": "text/html"}


def raw_of(
    record: Any,
    *,
    source: str,
    language: str | None,
    captured_at: datetime,
    path: str | None,
    kind: str = "files",
) -> Raw:
    """Return the raw event of one JSON record: a whole `raw` payload, or the lenient form. Raises `Refusal` with what is wrong.

    `source` is the source's name where the record gives none, `language` the language where it declares none; `kind` is that of the
    source which reads it.
    """
    if not isinstance(record, dict):
        raise Refusal("not-an-object", f"a record must be a JSON object, this is {kind_of(record)}")
    try:
        if "media_type" in record and isinstance(record.get("source"), dict):
            raw = _checked(Raw.model_validate(record))
        else:
            raw = _lenient(
                _by_field(record),
                source=source,
                language=language,
                captured_at=captured_at,
                path=path,
                kind=kind,
            )
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = "/" + "/".join(str(part) for part in first["loc"])
        raise Refusal("schema", f"{where}: {first['msg']} ({error.error_count()} in all)") from error
    if len(raw.model_dump_json(exclude={"body"})) > _MAX_ITEM_CHARACTERS:
        raise Refusal(
            "too-large",
            "the fields beside the body hold more than half a MiB: the article belongs into `text` or `html`",
        )
    return raw


def written_as(record: Mapping[str, Any], field: str) -> str:
    """Return the key under which a record has a field, which may be one of its other names."""
    return next((key for key in record if field_named(key) == field), field)


def field_named(key: str) -> str | None:
    """Return the field that a key of a record stands for; None for one that is not ours."""
    return _BY_NAME.get(_BETWEEN_WORDS.sub("", key).lower(), (None,))[0]


def _by_field(record: Mapping[str, Any]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for part in _RAW_PARTS:
        if isinstance(record.get(part), dict):
            raise Refusal(
                "schema",
                f"/{part}: belongs to a whole raw event, which needs `source` (an object) and `media_type` too",
            )
    for key, value in record.items():
        name = _BETWEEN_WORDS.sub("", key).lower()
        field, _ = _BY_NAME.get(name, (None, None))
        if field is None:
            _refuse_typo(key, name)
        elif value is None:
            continue
        elif field in fields and fields[field] != value:
            raise Refusal("schema", f"/{key}: `{field}` is given twice, with different values: leave one out")
        else:
            fields[field] = value
    return fields


def _refuse_typo(key: str, name: str) -> None:
    """Other people's fields are passed over; but what nearly is one of ours, such as `embargoed_untill`, must not be."""
    near = difflib.get_close_matches(name, _BY_NAME, n=1, cutoff=0.85)
    if near:
        raise Refusal(
            "unknown-key", f"/{key}: not a field of a record. Did you mean `{_BY_NAME[near[0]][1]}`?"
        )


def _lenient(
    fields: dict[str, Any],
    *,
    source: str,
    language: str | None,
    captured_at: datetime,
    path: str | None,
    kind: str,
) -> Raw:
    media_type, data = _body(fields)
    item = Item(
        headline=_string(fields, "headline"),
        summary=_string(fields, "summary"),
        authors=_strings(fields, "authors", split=False),
        published=_string(fields, "published"),
        modified=_string(fields, "modified"),
        language=_string(fields, "language") or language,
        section=_string(fields, "section"),
        keywords=_strings(fields, "keywords", split=True),
    )
    return Raw(
        source=Source(
            name=_string(fields, "source") or source, kind=kind, publisher=_string(fields, "publisher")
        ),
        captured_at=_instant(fields, "captured_at") or captured_at,
        media_type=media_type,
        charset=_string(fields, "charset"),
        url=_string(fields, "url"),
        guid=_string(fields, "guid"),
        path=path,
        item=item,
        rights=_rights(fields),
        **body_fields(data),
    )


def _body(fields: dict[str, Any]) -> tuple[str, bytes]:
    given = [name for name in ("text", "html", "body") if fields.get(name) not in (None, "")]
    if len(given) > 1:
        raise Refusal("schema", f"/{given[1]}: the body is given twice, as `{given[0]}` too: leave one out")
    if not given:
        return "text/plain", b""
    text = _string(fields, given[0]) or ""
    encoding = _string(fields, "body_encoding") or "text"
    if encoding == "base64":
        try:
            data = base64.b64decode(text, validate=True)
        except binascii.Error as error:
            raise Refusal("schema", f"/{given[0]}: `body_encoding` says base64, but: {error}") from error
        refuse_binary(data)
    elif encoding == "text":
        data = text.encode("utf-8")
    else:
        raise Refusal("schema", f"/body_encoding: must be `text` or `base64`, is {encoding[:40]!r}")
    if given[0] in _MEDIA:
        return _MEDIA[given[0]], data
    declared = (_string(fields, "media_type") or "").partition(";")[0].strip().lower()
    return declared or _MEDIA["html" if sniff(data[:1024]) == "html" else "text"], data


def _rights(fields: dict[str, Any]) -> Rights:
    return Rights.model_validate(
        {
            "status": _one_of(fields, "status", _STATUS) or "usable",
            "embargoed_until": _instant(fields, "embargoed_until"),
            "license": _string(fields, "license"),
            "usage_terms": _string(fields, "usage_terms"),
            "copyright_notice": _string(fields, "copyright_notice"),
            "text_and_data_mining": _one_of(fields, "text_and_data_mining", _MINING),
        }
    )


def _one_of(fields: dict[str, Any], field: str, table: Mapping[str, str]) -> str | None:
    value = _string(fields, field)
    if value is None:
        return None
    if value.strip().lower() not in table:
        known = ", ".join(sorted({name for name in table if name}))
        raise Refusal("schema", f"/{field}: {value[:40]!r} is not known; known are: {known}")
    return table[value.strip().lower()]


def _instant(fields: dict[str, Any], field: str) -> datetime | None:
    value = _string(fields, field)
    if not value:
        return None
    try:
        moment = datetime.fromisoformat(value.strip())
    except ValueError as error:
        raise Refusal(
            "schema", f"/{field}: {value[:40]!r} is not an RFC 3339 time such as 2031-01-01T00:00:00Z"
        ) from error
    if moment.tzinfo is None:
        raise Refusal(
            "schema", f"/{field}: {value[:40]!r} has no offset from UTC: write it as 2031-01-01T00:00:00Z"
        )
    return moment


def _string(fields: dict[str, Any], field: str) -> str | None:
    value = fields.get(field)
    if value is None or isinstance(value, str):
        return value if value and not value.isspace() else None
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)  # ids and epoch seconds are often written as numbers
    if isinstance(value, dict) and isinstance(value.get("name"), str):
        return str(value["name"])  # schema.org: {"@type": "Organization", "name": …}
    raise Refusal("schema", f"/{field}: must be a string, is {kind_of(value)}")


def _strings(fields: dict[str, Any], field: str, *, split: bool) -> tuple[str, ...]:
    value = fields.get(field)
    if value is None:
        return ()
    if isinstance(value, str) and split:
        return tuple(part.strip() for part in value.split(",") if part.strip())
    values = value if isinstance(value, list) else [value]
    return tuple(text for each in values if (text := _string({field: each}, field)))


def _checked(raw: Raw) -> Raw:
    if raw.body_encoding == "text":
        return raw.model_copy(update=body_fields(raw.body.encode("utf-8")))
    try:
        body_fields(base64.b64decode(raw.body, validate=True))
    except binascii.Error as error:
        raise Refusal("schema", f"/body: `body_encoding` says base64, but: {error}") from error
    return raw


def kind_of(value: Any) -> str:
    """Return what a JSON value is, for a person."""
    return {
        bool: "true or false",
        list: "an array",
        str: "a string",
        dict: "an object",
        type(None): "null",
    }.get(type(value), "a number")
