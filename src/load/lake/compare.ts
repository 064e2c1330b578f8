/**
 * Compares the lake with the rows of a generation: files, manifest and digests could all have been altered to fit each other. Files are held
 * against what is written of these rows; where one has other bytes, its rows tell why, value by value.
 */
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { messageOf } from '../../errors.ts';
import { literal, noPattern } from '../database.ts';
import { distrustingStatistics } from '../distrusting-statistics.ts';
import { isOutOfMemory, withMemory } from '../memory.ts';
import { withinBounds } from './bounds.ts';
import { ALL_CLOSED, ALL_OPEN, type Calendar, isMonth } from './calendar.ts';
import { isOurMaking, type LakeFile, lakeFolder, type Manifest } from './manifest.ts';
import { partsOf } from './paths.ts';
import { portionsOf, type Portion } from './portions.ts';
import { type Noted, spansRewrittenDifferently } from './rewritten.ts';
import { allSpans, type Span } from './spans.ts';
import { lakeCasts, type LakeColumn, lakeColumns, portionSql } from './sql.ts';
import { misleadingFiles } from './statistics.ts';
import type { LakeFault } from './verify.ts';

/** A generation whose rows are right, and what going through it begins with. */
export type Right = { connection: DuckDBConnection; memoryMb: number };

const OTHER_ROWS = 'has other rows than the warehouse';
const OTHER_COLUMNS = 'has other columns than the warehouse';
const OTHER_BYTES =
  'has the rows of the warehouse, but is not as auditlake writes them: a reader may see something else in it';
const TOO_MUCH =
  'is not as auditlake writes it, and holds more than it should: its rows were not compared';
const MISLEADING =
  'has statistics that its rows contradict: somebody hides rows from readers that filter';

/**
 * Compares the files that the manifest names with the generation that it names.
 *
 * @param ask.except     files that are not as the manifest says, for a reason that is known
 * @param ask.writeIn    an empty folder
 * @param ask.isKept     whether the lake keeps a span; null where it is no longer written, so that spans may be missing
 */
export async function compareManifest(
  home: string,
  manifest: Manifest,
  right: Right,
  ask: {
    except: ReadonlySet<string>;
    writeIn: string;
    isKept: ((table: string, span: string) => boolean) | null;
  },
): Promise<LakeFault[]> {
  const named = new Map(manifest.files.map((file) => [file.path, file]));
  const calendar = { openFrom: manifest.open_from, keepFrom: manifest.keep_from };
  const spans = await spansBy(right, calendar);
  const faults: LakeFault[] = [];
  const fault = (path: string, what: string): void => {
    faults.push({ file: `lake/${path}`, what });
  };
  for (const { path, table, span } of spans) {
    const isMissing = !named.has(path) && !ask.except.has(path);
    if (isMissing && ask.isKept?.(table.name, span) === true) {
      fault(path, `is missing: the warehouse has rows of that ${isMonth(span) ? 'month' : 'day'}`);
    }
  }
  const withRows = new Set(spans.map(({ path }) => path));
  for (const path of named.keys()) {
    if (!withRows.has(path) && !ask.except.has(path)) {
      fault(path, 'is of a time that the warehouse has no rows of');
    }
  }
  const asNamed = spans.filter(({ path }) => named.has(path) && !ask.except.has(path));
  const isOurs = isOurMaking(manifest);
  for (const span of asNamed) {
    const what = noteFault(named.get(span.path), span, isOurs);
    if (what !== null) fault(span.path, what);
  }
  const noted = {
    folder: ask.writeIn,
    compression: manifest.compression,
    sha256: new Map(manifest.files.map(({ path, sha256 }) => [path, sha256])),
  };
  const bytes = isOurs ? noted : null;
  return [...faults, ...(await compareSpans(home, asNamed, right, { calendar, bytes }))];
}

/** Compares some files, whatever the manifest says of them, with a generation whose rows are right. */
export async function compareFiles(
  home: string,
  paths: readonly string[],
  right: Right,
): Promise<LakeFault[]> {
  const faults: LakeFault[] = [];
  for (const calendar of [ALL_OPEN, ALL_CLOSED]) {
    const wanted = paths.filter(
      (path) => isMonth(partsOf(path).span) === (calendar === ALL_CLOSED),
    );
    if (wanted.length === 0) continue;
    const spans = (await spansBy(right, calendar)).filter(({ path }) => wanted.includes(path));
    const known = new Set(spans.map(({ path }) => path));
    for (const path of wanted) {
      if (!known.has(path)) faults.push({ file: `lake/${path}`, what: OTHER_ROWS });
    }
    faults.push(...(await compareSpans(home, spans, right, { calendar, bytes: null })));
  }
  return faults;
}

async function spansBy({ connection, memoryMb }: Right, calendar: Calendar): Promise<Span[]> {
  return await withMemory(connection, memoryMb, () => allSpans(connection, calendar));
}

/** What the manifest says of a file besides its hash. */
function noteFault(file: LakeFile | undefined, span: Span, isOurs: boolean): string | null {
  const differs =
    file?.rows !== span.rows ||
    file.seq !== span.seq ||
    file.table !== span.table.name ||
    file.source !== span.source ||
    file.span !== span.span ||
    (isOurs && file.digest !== span.digest);
  return differs ? 'is described otherwise in the manifest than the warehouse has it' : null;
}

/** @param asked.bytes what the files are to be byte for byte; null where that cannot be said, so that only their rows are compared */
async function compareSpans(
  home: string,
  spans: readonly Span[],
  { connection, memoryMb }: Right,
  { calendar, bytes }: { calendar: Calendar; bytes: Noted | null },
): Promise<LakeFault[]> {
  const faults: LakeFault[] = [];
  for (const portion of portionsOf(spans)) {
    const doubted =
      bytes === null
        ? portion.spans
        : await withMemory(connection, memoryMb, () =>
            spansRewrittenDifferently(connection, portion, bytes, calendar),
          );
    if (doubted.length === 0) continue;
    const files = doubted.map(({ path }) => join(lakeFolder(home), path));
    const look = (): Promise<Map<string, string>> =>
      distrustingStatistics(connection, () =>
        differingSpans(connection, { spans: doubted }, files, calendar),
      );
    const differing =
      bytes === null
        ? await withMemory(connection, memoryMb, look)
        : await withinBounds(connection, look);
    const otherwise = bytes === null ? undefined : differing === null ? TOO_MUCH : OTHER_BYTES;
    for (const { path, span } of doubted) {
      const what = differing?.get(span) ?? otherwise;
      if (what !== undefined) faults.push({ file: `lake/${path}`, what });
    }
  }
  return faults;
}

/** What is wrong with which spans of a portion. */
async function differingSpans(
  connection: DuckDBConnection,
  portion: Portion,
  files: readonly string[],
  calendar: Calendar,
): Promise<Map<string, string>> {
  const [first] = portion.spans;
  if (first === undefined) return new Map();
  const columns = await lakeColumns(connection, first.table);
  try {
    const strange = await strangeFiles(connection, columns, files);
    if (strange.size > 0) return withSpans(portion, files, strange, OTHER_COLUMNS);
    const misleading = await misleadingFiles(connection, columns, files);
    const rows = portionSql(portion, calendar, lakeCasts(columns));
    await connection.run(`create or replace temp table portion as ${rows}`);
    const reader = await connection.runAndReadAll(differingSql(columns, files));
    const differing = reader
      .getRows()
      .map(([span]): [string, string] => [String(span), OTHER_ROWS]);
    return new Map([...withSpans(portion, files, misleading, MISLEADING), ...differing]);
  } catch (error) {
    if (isOutOfMemory(error)) throw error;
    // One of several cannot be read: each by itself tells which.
    if (portion.spans.length === 1)
      return new Map([[first.span, `cannot be read: ${messageOf(error)}`]]);
    const found = new Map<string, string>();
    for (const [i, one] of portion.spans.entries()) {
      const file = files.slice(i, i + 1);
      const alone = await differingSpans(connection, { spans: [one] }, file, calendar);
      for (const [span, what] of alone) found.set(span, what);
    }
    return found;
  } finally {
    await connection.run('drop table if exists portion');
  }
}

/** Files whose columns are not the table's, in name, type and order. */
async function strangeFiles(
  connection: DuckDBConnection,
  columns: readonly LakeColumn[],
  files: readonly string[],
): Promise<Set<string>> {
  const expected = columns.map(({ name, type }) => `${name} ${type === 'JSON' ? 'VARCHAR' : type}`);
  const strange = new Set<string>();
  for (const file of files) {
    const reader = await connection.runAndReadAll(
      `select column_name, column_type from (describe select * from ${parquet([file])})`,
    );
    const found = reader.getRows().map(([name, type]) => `${String(name)} ${String(type)}`);
    if (found.join('\n') !== expected.join('\n')) strange.add(file);
  }
  return strange;
}

function withSpans(
  portion: Portion,
  files: readonly string[],
  these: ReadonlySet<string>,
  what: string,
): Map<string, string> {
  const spans = portion.spans.filter((_, i) => these.has(files[i] ?? ''));
  return new Map(spans.map(({ span }) => [span, what]));
}

/**
 * The spans whose rows are not the same, and as often there. A join finds rows that only one side has; where no two rows of a side are
 * equal and both sides have as many, that is all. Where some are equal, all are counted.
 */
function differingSql(columns: readonly LakeColumn[], files: readonly string[]): string {
  const names = columns.map(({ name }) => `"${name}"`);
  const same = columns
    .map((column) => `${value('w', column)} is not distinct from ${value('l', column)}`)
    .join(' and ');
  const all = names.join(', ');
  return `
  with w as (select ${all}, lake_span, 1 as side from portion),
  l as (
    select ${all}, regexp_extract(filename, '([0-9-]+)[.]parquet$', 1) as lake_span, 2 as side
    from ${parquet(files, ', filename = true')}
  ),
  counted as (
    select lake_span, side, count(*) as rows, count(distinct hash(${all})) as different
    from (from w union all by name from l) group by all
  ),
  unlike as (
    select lake_span from counted group by all
    having count(*) <> 2 or min(rows) <> max(rows) or min(different) <> max(different)
  ),
  repeated as (select lake_span from counted where different < rows),
  matched as (
    select coalesce(w.lake_span, l.lake_span) as lake_span
    from w full join l on w.lake_span = l.lake_span and ${same}
    where w.side is null or l.side is null
  ),
  often as (
    select lake_span from (
      select lake_span, ${all}, sum(3 - 2 * side) as surplus
      from (
        from w semi join repeated using (lake_span) union all by name
        from l semi join repeated using (lake_span)
      )
      group by lake_span, ${all}
    ) where surplus <> 0
  )
  select distinct lake_span
  from (from unlike union all from matched union all from often)
  order by 1`;
}

/** As numbers, zero and minus zero would be the same. */
function value(side: string, { name, type }: LakeColumn): string {
  return type === 'DOUBLE' ? `${side}."${name}"::varchar` : `${side}."${name}"`;
}

function parquet(files: readonly string[], more = ''): string {
  const list = files.map((file) => literal(noPattern(file))).join(', ');
  return `read_parquet([${list}], hive_partitioning = false${more})`;
}
