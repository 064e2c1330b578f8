/** Ours are as their heads say; what is not is named. */
import { expect, test } from 'vitest';
import { findDetections, findQuestions } from '../../src/questions/files.ts';
import { lint } from '../../src/questions/lint.ts';

test('every question and detection of ours is as its head says', async () => {
  const [questions, detections] = [findQuestions(null), findDetections(null)];
  expect([...questions.faulty, ...detections.faulty]).toEqual([]);
  const all = [...questions.found, ...detections.found];
  const faults = await lint(all);
  const wrong = all.map(({ name }, i) => [name, faults[i]]).filter(([, own]) => own?.length !== 0);
  expect(wrong).toEqual([]);
});

const since = { type: 'instant', says: 'from' } as const;

const CASES = [
  ['select 1 as b', {}, [/the SQL has b/, /the head has a/]],
  ['select 1 as b, 2 as a', { columns: { a: '', b: '' } }, [/another order: b, a/]],
  ['select $since as a', {}, [/the SQL has since, which the head does not/]],
  ['select 1 as a', { parameters: { since } }, [/the head has since, which the SQL does not/]],
  ['select 1 as a; select 2', {}, [/expected one SQL statement/]],
  ['delete from runs', {}, [/not allowed/]],
  ['select nothing as a', {}, [/nothing/]],
  ['select seq as a from internal.events', {}, [/read public tables/]],
  ['select now() as a', {}, [/it calls now\(\)/]],
  ["select a from read_csv('/etc/hostname') t(a)", {}, [/disabled|Permission/]],
  [
    'select occurred_at + $since as a from audit_events',
    { parameters: { since } },
    [/No function/],
  ],
] as const;

test('what is not is named', async () => {
  const questions = CASES.map(([sql, more]) => {
    return { sql, parameters: {}, columns: { a: 'one' }, ...more };
  });
  const faults = await lint(questions);
  for (const [i, [sql, , expected]] of CASES.entries()) {
    expect(faults[i], sql).toEqual(expected.map((fault) => expect.stringMatching(fault)));
  }
});

test('what never ends is named', async () => {
  const sql = 'select count(*) as a from range(1000000000000) where range % 7 = 3';
  const faults = await lint([{ sql, parameters: {}, columns: { a: 'one' } }], 50);
  expect(faults).toEqual([['its SQL takes longer than 0.05 s where there is no row']]);
});
