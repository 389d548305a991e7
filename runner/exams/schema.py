"""The JSON Schema of exam files, for editors, generated from the model.

`python -m rung.runner.exams.schema` writes it to labs/exam.schema.json.
"""

from __future__ import annotations

import json
from pathlib import Path

from rung.runner.exams.definition import LOADERS_OWN, Exam
from rung.runner.lab.folder import BUNDLED_LABS
from rung.runner.lab.schema import Schema, schema_of

FILE = BUNDLED_LABS / "exam.schema.json"
COMMAND = "python -m rung.runner.exams.schema"


def exam_schema() -> Schema:
    """The schema of labs/exams/*.yaml (JSON Schema, draft 7, with `$defs`)."""
    schema = schema_of(Exam)
    for key in LOADERS_OWN:
        schema["properties"].pop(key)
    # At least one of the two; lint reports both in plainer words than an editor.
    either = [{"required": ["labs"]}, {"required": ["draw"]}]
    head = {"$schema": "http://json-schema.org/draft-07/schema#", "title": "An exam of Rung"}
    return {**head, **schema, "anyOf": either}


def text() -> str:
    """The schema as the file has it."""
    return json.dumps(exam_schema(), indent=1, ensure_ascii=False) + "\n"


def write(path: Path = FILE) -> None:
    """Write the schema to a file."""
    path.write_text(text(), "utf-8")


if __name__ == "__main__":
    write()
