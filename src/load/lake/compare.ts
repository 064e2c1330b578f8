/**
 * Compares the rows of the lake with those of a generation, value by value: files, manifest and digests could all have been
 * altered to fit each other.
 */
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { messageOf } from '../../errors.ts';
import { literal, noPattern } from '../database.ts';
import { isOutOfMemory, withMemory } from '../memory.ts';
import { type Day, daysOf } from './days.ts';
import { hasOurDigests, type LakeFile, lakeFolder, type Manifest } from './manifest.ts';
import { portionsOf, type Portion } from './portions.ts';
import { asInLake, type LakeColumn, lakeColumns, takePortion } from './sql.ts';
import type { LakeFault } from './verify.ts';

/** A generation whose rows are right, and what going through it begins with. */
export type Right = { connection: DuckDBConnection; memoryMb: number };

const OTHER_ROWS = 'has other rows than the warehouse';

/**
 * Compares the files that the manifest names with the generation that it names.
 *
 * @param ask.except     files that are not as the manifest says, for a reason that is known
 * @param ask.isKept     whether the lake keeps a day; null where it is no longer written, so that days may be missing
 */
export async function compareManifest(
  home: string,
  manifest: Manifest,
  right: Right,
  ask: {
    except: ReadonlySet<string>;
    isKept: ((table: string, dt: string) => boolean) | null;
  },
): Promise<LakeFault[]> {
  const named = new Map(manifest.files.map((file) => [file.path, file]));
  const days = await allDays(right);
  const faults: LakeFault[] = [];
  const fault = (path: string, what: string): void => {
    faults.push({ file: `lake/${path}`, what });
  };
  for (const { path, table, dt } of days) {
    const isMissing = !named.has(path) && !ask.except.has(path);
    if (isMissing && ask.isKept?.(table.name, dt) === true) {
      fault(path, 'is missing: the warehouse has rows of that day');
    }
  }
  const withRows = new Set(days.map(({ path }) => path));
  for (const path of named.keys()) {
    if (!withRows.has(path) && !ask.except.has(path)) {
      fault(path, 'is of a day that the warehouse has no rows of');
    }
  }
  const asNamed = days.filter(({ path }) => named.has(path) && !ask.except.has(path));
  const sameDigests = hasOurDigests(manifest);
  for (const day of asNamed) {
    const what = noteFault(named.get(day.path), day, sameDigests);
    if (what !== null) fault(day.path, what);
  }
  return [...faults, ...(await compareDays(home, asNamed, right))];
}

/** Compares some files, whatever the manifest says of them, with a generation whose rows are right. */
export async function compareFiles(
  home: string,
  paths: readonly string[],
  right: Right,
): Promise<LakeFault[]> {
  const days = (await allDays(right)).filter(({ path }) => paths.includes(path));
  const known = new Set(days.map(({ path }) => path));
  const without = paths
    .filter((path) => !known.has(path))
    .map((path) => ({ file: `lake/${path}`, what: OTHER_ROWS }));
  return [...without, ...(await compareDays(home, days, right))];
}

async function allDays({ connection, memoryMb }: Right): Promise<Day[]> {
  return await withMemory(connection, memoryMb, () => daysOf(connection));
}

/** What the manifest says of a file besides its hash. */
function noteFault(file: LakeFile | undefined, day: Day, sameDigests: boolean): string | null {
  const differs =
    file?.rows !== day.rows ||
    file.seq !== day.seq ||
    file.table !== day.table.name ||
    file.source !== day.source ||
    file.dt !== day.dt ||
    (sameDigests && file.digest !== day.digest);
  return differs ? 'is described otherwise in the manifest than the warehouse has it' : null;
}

async function compareDays(
  home: string,
  days: readonly Day[],
  { connection, memoryMb }: Right,
): Promise<LakeFault[]> {
  const faults: LakeFault[] = [];
  for (const portion of portionsOf(days)) {
    const files = portion.days.map(({ path }) => join(lakeFolder(home), path));
    const differing = await withMemory(connection, memoryMb, () =>
      differingDays(connection, portion, files),
    );
    for (const { path, dt } of portion.days) {
      const what = differing.get(dt);
      if (what !== undefined) faults.push({ file: `lake/${path}`, what });
    }
  }
  return faults;
}

/** What is wrong with which days of a portion. */
async function differingDays(
  connection: DuckDBConnection,
  portion: Portion,
  files: readonly string[],
): Promise<Map<string, string>> {
  const [first] = portion.days;
  if (first === undefined) return new Map();
  const columns = await lakeColumns(connection, first.table);
  try {
    const strange = await strangeFiles(connection, columns, files);
    if (strange.size > 0) return withDays(portion, files, strange);
    await takePortion(connection, portion, asInLake(columns));
    const reader = await connection.runAndReadAll(differingSql(columns, files));
    return new Map(reader.getRows().map(([dt]) => [String(dt), OTHER_ROWS]));
  } catch (error) {
    if (isOutOfMemory(error)) throw error;
    // One of several cannot be read: each by itself tells which.
    if (portion.days.length === 1)
      return new Map([[first.dt, `cannot be read: ${messageOf(error)}`]]);
    const found = new Map<string, string>();
    for (const [i, day] of portion.days.entries()) {
      const alone = await differingDays(connection, { days: [day] }, files.slice(i, i + 1));
      for (const [dt, what] of alone) found.set(dt, what);
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

function withDays(
  portion: Portion,
  files: readonly string[],
  strange: ReadonlySet<string>,
): Map<string, string> {
  const days = portion.days.filter((_, i) => strange.has(files[i] ?? ''));
  return new Map(days.map(({ dt }) => [dt, 'has other columns than the warehouse']));
}

/**
 * The days whose rows are not the same, and as often there. A join finds rows that only one side has; where no two rows of a side are
 * equal and both sides have as many, that is all. Where some are equal, all are counted.
 */
function differingSql(columns: readonly LakeColumn[], files: readonly string[]): string {
  const names = columns.map(({ name }) => `"${name}"`);
  const same = columns
    .map((column) => `${value('w', column)} is not distinct from ${value('l', column)}`)
    .join(' and ');
  const all = names.join(', ');
  return `
  with w as (select ${all}, lake_day, 1 as side from portion),
  l as (
    select ${all}, cast(regexp_extract(filename, 'dt=([0-9-]+)/data.parquet$', 1) as date) as lake_day, 2 as side
    from ${parquet(files, ', filename = true')}
  ),
  counted as (
    select lake_day, side, count(*) as rows, count(distinct hash(${all})) as different
    from (from w union all by name from l) group by all
  ),
  unlike as (
    select lake_day from counted group by all
    having count(*) <> 2 or min(rows) <> max(rows) or min(different) <> max(different)
  ),
  repeated as (select lake_day from counted where different < rows),
  matched as (
    select coalesce(w.lake_day, l.lake_day) as lake_day
    from w full join l on w.lake_day = l.lake_day and ${same}
    where w.side is null or l.side is null
  ),
  often as (
    select lake_day from (
      select lake_day, ${all}, sum(3 - 2 * side) as surplus
      from (
        from w semi join repeated using (lake_day) union all by name
        from l semi join repeated using (lake_day)
      )
      group by lake_day, ${all}
    ) where surplus <> 0
  )
  select distinct strftime(lake_day, '%Y-%m-%d')
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
