/**
 * Every question, asked of the incident: what it must answer stands in `golden/<name>.csv`, and a question that nothing answers has no
 * row. After a change of a question or of the story run with `--update` and look at the difference.
 */
import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { csvLine } from '../../src/load/query/lines.ts';
import { openQuery, type QuerySession } from '../../src/load/query/query.ts';
import { notAnswered, questionNamed, valuesOf } from '../../src/questions/ask.ts';
import { findQuestions } from '../../src/questions/files.ts';
import { transformOf } from '../../src/transform/transform.ts';
import { VENDORS } from '../../src/vendors/index.ts';
import { incidentWarehouse, NOW } from './incident.ts';

const QUESTIONS = findQuestions(null).found;

/** Before anybody had an account, and after everything. */
const BEFORE = ['--since', '2026-01-01', '--until', '2026-02-01'];

/** What is asked that has an answer, and the same question where nothing does. Null: it takes nothing. */
const ASKED: Record<string, [some: string[], none: string[] | null]> = {
  'access-changed': [['--since', '30d'], BEFORE],
  'access-of': [['Cid@acme.test', '--at', '2026-11-05'], ['nobody@acme.test']],
  'accounts-of': [['cid@acme.test'], ['nobody@acme.test']],
  'activity-by-day': [[], BEFORE],
  'activity-by-hour': [[], BEFORE],
  'admin-granted': [['--since', '30d'], BEFORE],
  admins: [[], ['--at', '2026-10-31']],
  'agent-sessions': [['--since', '30d'], BEFORE],
  anomalies: [[], BEFORE],
  'at-night': [['--since', '30d'], BEFORE],
  'changes-to-configuration': [['--since', '30d'], BEFORE],
  cost: [
    ['--month', '2026-11'],
    ['--month', '2026-01'],
  ],
  'data-read': [['--since', '30d'], BEFORE],
  'directory-changed': [['--since', '30d'], BEFORE],
  event: [['hub:h2'], ['hub:none']],
  events: [['user.login'], ['user.flew']],
  exports: [[], BEFORE],
  'from-address': [['203.0.113.66'], ['203.0.113.67']],
  guardrail: [[], BEFORE],
  'keys-created': [[], BEFORE],
  'keys-without-expiry': [[], null],
  leavers: [[], null],
  models: [['--since', '60d'], BEFORE],
  'month-complete': [
    ['--month', '2026-11'],
    ['--month', '2026-01'],
  ],
  'new-address': [['--since', '30d'], BEFORE],
  'new-country': [['--since', '30d'], BEFORE],
  'not-read': [['--since', '11d', '--until', '9d'], BEFORE],
  'open-findings': [[], null],
  person: [['bob@acme.test'], ['nobody@acme.test']],
  restated: [[], BEFORE],
  'rules-changed': [[], BEFORE],
  'service-users': [[], null],
  'sign-in-failures': [['--since', '30d'], BEFORE],
  'staff-access': [[], BEFORE],
  'tools-changed': [[], BEFORE],
  'top-actors': [['--at-most', '5'], BEFORE],
  'unknown-actions': [[], null],
  'unused-seats': [[], null],
  'who-has-access': [
    ['--at', '2026-11-05', '--role', 'admin'],
    ['--role', 'emperor'],
  ],
};

const path = incidentWarehouse();
let session: QuerySession;
beforeAll(async () => {
  session = await openQuery({ file: path() });
});
afterAll(() => session.close());

async function answer(name: string, given: readonly string[]): Promise<string[]> {
  const question = questionNamed(name, QUESTIONS);
  const parameters = valuesOf(question, given, NOW);
  const { columns, chunks } = await session.run(question.sql, { parameters });
  const lines = [csvLine(columns.map((column) => column.name))];
  for await (const rows of chunks) lines.push(...rows.map(csvLine));
  return lines;
}

test('every question is asked here, and has its answer in a file', () => {
  const names = QUESTIONS.map(({ name }) => name);
  expect(Object.keys(ASKED).toSorted()).toEqual(names);
  const files = readdirSync(new URL('golden', import.meta.url));
  expect(files.toSorted()).toEqual(names.map((name) => `${name}.csv`));
});

test.each(Object.entries(ASKED))('%s', async (name, [some, none]) => {
  const lines = await answer(name, some);
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(`golden/${name}.csv`);
  if (none !== null) expect(await answer(name, none)).toHaveLength(1);
});

test('who cannot answer follows from what each vendor declares', async () => {
  const vendors = VENDORS.map(({ type }) => ({ source: type, vendor: type }));
  const declared = transformOf(VENDORS);
  const lines = QUESTIONS.flatMap((question) =>
    notAnswered(question, vendors, declared).map((one) => `${question.name} ${one}`),
  );
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('not-answered.txt');
});
