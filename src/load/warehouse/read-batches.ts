import type { DuckDBConnection } from '@duckdb/node-api';
import { listValue } from '../../platform/duckdb.ts';
import type { BatchRef, Transform } from '../../model.ts';
import { noPattern } from '../database.ts';

const MIN_OBJECT_BYTES = 1024 * 1024;

// JSON escapes that are half of a surrogate pair, which DuckDB's JSON refuses: a pair, a lone half, any
// other escape, and what lies between them.
const TOKENS = String.raw`\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[dD][89a-fA-F][0-9a-fA-F]{2}|\\.|[^\\]+`;
const LONE_HALF = String.raw`\\u[dD][89a-fA-F][0-9a-fA-F]{2}`;
const REPLACEMENT = String.raw`\ufffd`;
const HALF_LOWER = String.raw`\ud`;
const HALF_UPPER = String.raw`\uD`;

// What DuckDB takes for JSON and nobody else does: a comma before a closing bracket, NaN and Infinity.
const IS_LAX = String.raw`,[ \t\r\n]*[\]}]|(?i:nan|inf)`;
const STRING = String.raw`"(?:[^"\\]|\\.)*"`;

// What a record must have to be one of these, or no object: nearly none has, which one pass over its text shows. Only what has
// any is looked at again, with its texts taken out.
const IS_UNUSUAL = String.raw`^[ \t\r\n]*[^{ \t\r\n]|,[ \t\r\n]*[\]}]|[-:,\[ \t\r\n](?i:nan|inf)|\\u[dD][89a-fA-F]`;

const LINES = `
create or replace temp table lines as
with read as (
  select b.seq, l.* exclude (filename, seq)
  from read_ndjson(
    $files, format = 'newline_delimited', compression = 'gzip', filename = true, maximum_object_size = $longest,
    columns = {
      n: 'BIGINT', seq: 'BIGINT', kind: 'VARCHAR', page: 'BIGINT', "at": 'VARCHAR', context: 'JSON', key: 'VARCHAR',
      "time": 'VARCHAR', record: 'VARCHAR', bytes: 'VARCHAR', finding: 'VARCHAR', what: 'VARCHAR'
    }
  ) l
  join batches b on b.file = l.filename
),
looked_at as (
  select *, regexp_matches(record, '${IS_UNUSUAL}') as is_unusual from read
),
repaired as (
  select
    *,
    case when is_unusual and (contains(record, '${HALF_LOWER}') or contains(record, '${HALF_UPPER}')) then
      array_to_string(list_transform(
        regexp_extract_all(record, '${TOKENS}', 0, 's'),
        lambda token: case when regexp_full_match(token, '${LONE_HALF}') then '${REPLACEMENT}' else token end
      ), '')
    else record end as text
  from looked_at
),
checked as (
  select
    *,
    case
      when not is_unusual then try_cast(text as json)
      when starts_with(ltrim(text, e' \\t\\n\\r'), '{')
        and not regexp_matches(regexp_replace(text, '${STRING}', '""', 'gs'), '${IS_LAX}') then try_cast(text as json)
    end as object
  from repaired
)
select
  seq, n, kind, page, try_cast("at" as timestamptz) as "at", context, key, "time", finding, what,
  object,
  -- Kept only where there is no object: the text would double what has to be held.
  case when kind = 'record' and object is null then coalesce(text, '') end as unmappable,
  coalesce(bytes is not null or text is distinct from record, false) as raw_altered
from checked`;

const BATCHES = `
create or replace temp table batches as
select unnest(from_json($batches, '[{
  "seq": "BIGINT", "file": "VARCHAR", "source": "VARCHAR", "vendor": "VARCHAR", "stream": "VARCHAR",
  "kind": "VARCHAR", "organizationId": "VARCHAR", "events": "BOOLEAN"
}]'), recursive := true)`;

/** Brings the lines of some batches into the temporary tables `batches` and `lines`. */
export async function readBatches(
  connection: DuckDBConnection,
  { mappings }: Transform,
  group: BatchRef[],
): Promise<void> {
  const isEvents = (batch: BatchRef): boolean =>
    mappings.some(
      ({ vendor, stream, target }) =>
        target === 'event' && vendor === batch.vendor && stream === batch.stream,
    );
  const targeted = group.map((batch) => ({ ...batch, events: isEvents(batch) }));
  await connection.run(BATCHES, { batches: JSON.stringify(targeted) });
  const longest = Math.max(MIN_OBJECT_BYTES, ...group.map((batch) => batch.longestLine + 1));
  await connection.run(LINES, {
    files: listValue(group.map((batch) => noPattern(batch.file))),
    longest: BigInt(longest),
  });
}
