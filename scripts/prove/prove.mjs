/** What is asked of an engine, and what it should answer. */
import { join } from 'node:path';
import { differenceOf, fingerprintSql } from './fingerprint.mjs';
import { monthOf } from './traps.mjs';

/** @returns the engine's version, and each check with what differs or null */
export async function prove({ dialect, ask }, { lake, traps, edges }) {
  const checks = [
    ...lake.tables.flatMap((table) => checksOfTable(dialect, table)),
    ...traps.months
      .filter(({ isSet }) => isSet)
      .flatMap((month) => checksOfTrap(dialect, month, lake)),
    checkOfEdges(dialect, edges),
  ];
  const { version, types, answers } = await ask({
    tables: [
      ...lake.tables.map(({ name, columns }) => placed(lake.folder, name, name, columns, true)),
      ...lake.tables.map(({ name, columns }) =>
        placed(traps.folder, name, `trap_${name}`, columns, false),
      ),
      placed(edges.folder, edges.name, edges.name, edges.columns, false),
    ],
    queries: checks.map(({ sql }) => sql),
  });
  return {
    version,
    checks: [
      ...lake.tables.map((table, i) => typesCheck(dialect, table, types[i])),
      ...checks.map(({ subject, check, judge }, i) => ({
        subject,
        check,
        difference: judge(answers[i]),
      })),
    ],
  };
}

/** `infer`: whether the engine is to tell which types it finds by itself, for which it opens some file. */
const placed = (folder, table, name, columns, infer) => ({
  name,
  folder: join(folder, table),
  columns,
  infer,
});

function typesCheck(dialect, { name, columns }, found) {
  const odd = columns.find((column) => found[column.name] !== dialect.types[column.type]);
  const difference = odd === undefined ? null : `${odd.name}: ${found[odd.name]}`;
  return { subject: name, check: `types of ${columns.length} columns`, difference };
}

function checksOfTable(dialect, { name, files, columns, fingerprint }) {
  const { text } = dialect;
  const byMonth = new Map();
  for (const file of files) {
    const key = `${file.source} ${monthOf(file)}`;
    byMonth.set(key, (byMonth.get(key) ?? 0) + file.rows);
  }
  const expected = [...byMonth].map(([key, rows]) => `${key} ${rows}`).toSorted();
  return [
    {
      subject: name,
      check: `rows of ${files.length} files, by the manifest`,
      sql: `select source, ${text('month')}, ${text('count(*)')} from ${name} group by source, month`,
      judge: judged((rows) => {
        const seen = rows.map((row) => row.join(' ')).toSorted();
        const at = expected.findIndex((line, i) => line !== seen[i]);
        if (at !== -1) return `${seen[at]}, not ${expected[at]}`;
        return seen.length === expected.length ? null : `${seen.length} months`;
      }),
    },
    {
      subject: name,
      check: `values of ${fingerprint[0]} rows, by DuckDB`,
      sql: fingerprintSql(dialect, columns, name),
      judge: judged(([row]) => differenceOf(columns, fingerprint, row)),
    },
  ];
}

/** The table with the month asked for, and without: the latter must fail, or the former would show nothing. */
function checksOfTrap(dialect, { name, month, rows }, lake) {
  const table = lake.tables.find((each) => each.name === name);
  const { name: time } = table.columns.find(({ type }) => type === 'TIMESTAMP WITH TIME ZONE');
  const read = `select ${dialect.text(`count(${dialect.quoted('seq')})`)} from trap_${name}`;
  const after = `${dialect.quoted(time)} >= ${dialect.instant(`${month}-01T00:00:00Z`)}`;
  const isWhole = judged(([[count]]) =>
    count === String(rows) ? null : `${count} rows, not ${rows}`,
  );
  return [
    {
      subject: name,
      check: 'month = a month opens the files of that month only',
      sql: `${read} where month = '${month}'`,
      judge: isWhole,
    },
    {
      subject: name,
      check: 'month from a month to a month as well',
      sql: `${read} where month >= '${month}' and month <= '${month}'`,
      judge: isWhole,
    },
    {
      subject: name,
      check: 'a time without month opens others too',
      sql: `${read} where ${after}`,
      judge: ({ error }) => (error === undefined ? 'it does not' : null),
    },
  ];
}

function checkOfEdges(dialect, { name, rows }) {
  const { text, quoted, micros } = dialect;
  const flag = 'case when flag then 1 when not flag then 0 end';
  const parts = ['month', 'n', micros(quoted('at')), flag, 'share'].map(text);
  return {
    subject: name,
    check: 'instants, numbers, texts, a column that came later',
    sql: `select ${[...parts, 'details', 'later'].join(', ')} from ${name} order by n`,
    judge: judged((seen) => {
      const at = rows.findIndex((row, i) => !isSameEdge(row, seen[i] ?? []));
      return at === -1 ? null : JSON.stringify(seen[at]);
    }),
  };
}

function isSameEdge(row, seen) {
  const [month, n, at, flag, share, ...texts] = seen;
  // Engines write the same double differently.
  const number = share == null ? null : Number(share);
  const expected = row.with(4, row[4] === null ? null : Number(row[4]));
  return JSON.stringify([month, n, at, flag, number, ...texts]) === JSON.stringify(expected);
}

const judged = (judge) => (answer) => answer.error?.slice(0, 300) ?? judge(answer.rows);
