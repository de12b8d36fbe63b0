"""No table holds unclean text, no matter who writes it: a trigger cleans every row on its way in.

Why in the database: forms, imports, `bulk_create`, `update` and a person with a SQL prompt all pass
here, and a column that is added tomorrow does too. A check constraint would only turn pasted text into
a failed page; this turns it into text. Columns of one line (`varchar`) lose their line breaks, `text`
keeps them, texts within JSON too.

The trigger names no columns. One that did would stand in the way of every migration that renames,
widens or drops one.
"""

import hashlib
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import DataError, IntegrityError, connections, transaction
from django.db.models import Model

from ground.text import IN_LINE, IN_TEXT

logger = logging.getLogger(__name__)

# Tables of others that hold what people typed: names of groups, the history of the administration.
_OF_OTHERS = {"auth.Group", "admin.LogEntry"}
# Any number that no other advisory lock of the portal uses.
_LOCK = 20191121


def keep_clean(using: str = "default", **_signal: Any) -> None:
    """Have every table of the portal cleaned, from now on and what it holds. May run any number of times.

    A row whose clean text would be another row's (two themes „Mü…“, one of them NFD) is left as it is
    and named in the log.
    """
    connection = connections[using]
    with transaction.atomic(using=using), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute("SELECT obj_description(to_regproc('ground_clean_row')::oid, 'pg_proc')")
        if cursor.fetchone() != (_FINGERPRINT,):
            cursor.execute(_FUNCTIONS)
            cursor.execute(f"COMMENT ON FUNCTION ground_clean_row() IS '{_FINGERPRINT}'")
        cursor.execute(
            "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'a_clean_text'"
        )
        guarded = {row[0] for row in cursor.fetchall()}
        present = set(connection.introspection.table_names(cursor))
        for model in models_with_text():
            table = model._meta.db_table
            if table in present and table not in guarded:
                _guard(cursor, table)
                _clean_stored(cursor, table, using)


def models_with_text() -> Iterator[type[Model]]:
    """The models whose rows are cleaned: all of the portal's own, and those of others people write to."""
    for model in apps.get_models(include_auto_created=True):
        # The portal's apps are packages beside each other; others lie deeper, if below at all.
        is_ours = Path(model._meta.app_config.path).resolve().parent == settings.BASE_DIR
        if model._meta.managed and (is_ours or model._meta.label in _OF_OTHERS):
            yield model


def _guard(cursor: Any, table: str) -> None:
    # The name comes first in the alphabet, hence before other triggers: they see clean text.
    cursor.execute(
        f'CREATE TRIGGER a_clean_text BEFORE INSERT OR UPDATE ON "{table}" '
        "FOR EACH ROW EXECUTE FUNCTION ground_clean_row()"
    )


def _clean_stored(cursor: Any, table: str, using: str) -> None:
    """Write those rows again that are not clean; the trigger does the rest."""
    cursor.execute(
        f'SELECT ctid::text FROM "{table}" AS stored '  # noqa: S608 - a table of the models
        "WHERE ground_is_unclean(stored::text)"
    )
    unclean = [row[0] for row in cursor.fetchall()]
    if not unclean:
        return
    cursor.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 "
        "AND NOT attisdropped AND attgenerated = '' ORDER BY attnum LIMIT 1",
        [f'"{table}"'],
    )
    [column] = cursor.fetchone()
    for place in unclean:
        try:
            with transaction.atomic(using=using):
                cursor.execute(
                    f'UPDATE "{table}" SET "{column}" = "{column}" '  # noqa: S608 - likewise
                    "WHERE ctid = %s::tid",
                    [place],
                )
        except (IntegrityError, DataError):
            logger.warning(
                "%s: the row at %s breaks a rule if its text is clean, and is left as it is.",
                table,
                place,
            )


def _quoted(text: str) -> str:
    return "E'" + "".join(f"\\U{ord(sign):08X}" for sign in text) + "'"


def _translation(table: dict[int, str]) -> str:
    """The two last arguments of SQL's `translate`, which drops what has no counterpart."""
    storable = {sign: new for sign, new in table.items() if sign and not 0xD800 <= sign <= 0xDFFF}
    replaced = [sign for sign, new in storable.items() if new]
    dropped = [sign for sign, new in storable.items() if not new]
    old = "".join(map(chr, [*replaced, *dropped]))
    return f"{_quoted(old)}, {_quoted(''.join(storable[sign] for sign in replaced))}"


# As a class of a regular expression: everything that `clean_text` drops or replaces.
_UNCLEAN = "".join(f"\\U{code:08X}" for code in IN_TEXT if code and not 0xD800 <= code <= 0xDFFF)
# Everything that is not in this class is in NFC whatever stands around it: asking costs the most.
MAY_BE_DECOMPOSED = r"\u0300-\u2001\u20D0-\U0010FFFF"
# JSON writes those below the space as escapes. An even number of backslashes before one makes it text.
_ESCAPE = r"(?<!\\)((?:\\\\)*)\\"
_ESCAPED_BREAK = _ESCAPE + "(?:u000b|f)"
_ESCAPED_DROPPED = _ESCAPE + "(?:u00(?:0[0-8e-f]|1[0-9a-f])|b)"
# A line break itself cannot stand in JSON.
_IN_JSON = {sign: new and " " for sign, new in IN_TEXT.items()}

_FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION ground_clean_text(dirty text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT normalize(translate(dirty, {_translation(IN_TEXT)}), NFC)
$$;
CREATE OR REPLACE FUNCTION ground_clean_line(dirty text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT normalize(translate(dirty, {_translation(IN_LINE)}), NFC)
$$;
CREATE OR REPLACE FUNCTION ground_clean_json(dirty jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT regexp_replace(
        regexp_replace(
            normalize(translate(dirty::text, {_translation(_IN_JSON)}), NFC),
            '{_ESCAPED_BREAK}', '\\1\\\\n', 'g'
        ),
        '{_ESCAPED_DROPPED}', '\\1', 'g'
    )::jsonb
$$;
-- Of a text, or of a whole row as text, in which JSON is escaped and everything else is as it is.
-- One look at all that may be amiss, since most is clean: each costs as much as the text is long.
CREATE OR REPLACE FUNCTION ground_is_unclean(whole text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT whole ~ '[{_UNCLEAN}{MAY_BE_DECOMPOSED}]|\\\\u00[01]|\\\\[bf]' AND (
        whole ~ '[{_UNCLEAN}]|\\\\u00[01]|\\\\[bf]' OR whole IS NOT NFC NORMALIZED
    )
$$;
CREATE OR REPLACE FUNCTION ground_clean_row() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    whole text := NEW::text;
    is_unclean boolean := ground_is_unclean(whole);
    stored jsonb;
    cleaned jsonb;
BEGIN
    -- Looking is cheap, cleaning is not: it happens to what needs it.
    IF NOT is_unclean AND whole !~ '[\t\r\n]' THEN
        RETURN NEW;
    END IF;
    stored := to_jsonb(NEW);
    SELECT jsonb_object_agg(name, CASE type
        WHEN 'varchar'::regtype THEN to_jsonb(ground_clean_line(dirty))
        WHEN 'text'::regtype THEN to_jsonb(ground_clean_text(dirty))
        ELSE ground_clean_json(stored -> name)
    END) INTO cleaned FROM (
        SELECT attname AS name, atttypid AS type, stored ->> attname AS dirty FROM pg_attribute
        WHERE attrelid = TG_RELID AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
        AND (atttypid = 'varchar'::regtype OR is_unclean AND atttypid IN (
            'text'::regtype, 'jsonb'::regtype, 'text[]'::regtype, 'varchar[]'::regtype))
    ) AS attribute
    WHERE type = 'varchar'::regtype AND dirty ~ '[\t\r\n]'
        OR is_unclean AND ground_is_unclean(dirty);
    RETURN CASE WHEN cleaned IS NULL THEN NEW ELSE jsonb_populate_record(NEW, cleaned) END;
END
$$;
"""  # noqa: S608 - made of constants
_FINGERPRINT = hashlib.sha256(_FUNCTIONS.encode()).hexdigest()[:16]
