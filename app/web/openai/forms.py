"""Decides in which form an answer is asked: words, or the report as JSON, whole or some fields."""

import asyncio
import json
from pathlib import Path
from typing import Final

from app.snapshots import kept_report
from app.web.openai.wire import ResponseFormat
from core.errors import CallerError
from core.records.report import Report

FORMS: Final = ("text", "json_object", "json_schema")
Fields = tuple[str, ...]
WHOLE: Final[Fields] = tuple(Report.model_fields)


def fields_wanted(form: ResponseFormat | None) -> Fields | None:
    """Return the report's fields that make the answer; None where words do.

    Raises:
        CallerError: an unknown form, or a schema with fields a report has not.
    """
    if form is None or form.type == "text":
        return None
    if form.type not in FORMS:
        raise CallerError(f"response_format: {form.type!r} is none of {', '.join(FORMS)}")
    if form.type == "json_object" or form.json_schema is None:
        return WHOLE
    properties = form.json_schema.schema_.get("properties")
    named = list(properties) if isinstance(properties, dict) else []
    unknown = sorted(set(named) - set(WHOLE))
    if unknown:
        raise CallerError(
            f"response_format: an answer has no field {unknown[0]!r}; it is the Report record, "
            f"whose fields are {', '.join(WHOLE)}"
        )
    return tuple(named) or WHOLE


async def report_json(home: Path, run: str, fields: Fields) -> str:
    """Return these fields of a finished run's report as JSON."""
    return await asyncio.to_thread(_report_json, home, run, fields)


def _report_json(home: Path, run: str, fields: Fields) -> str:
    document = kept_report(home, run).model_dump(mode="json", include=set(fields))
    return json.dumps(document, ensure_ascii=False)
