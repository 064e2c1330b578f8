/** What a head may say, as a table of what is refused. */
import { expect, test } from 'vitest';
import { readDetection, readQuestion } from '../../src/questions/head.ts';

const QUESTION = `title: T
answers: A
parameters:
  since: { type: instant, default: 7d, says: from when on }
columns: { at: when }
needs: [action:access/grant or target:grant]`;

const JUDGED = `${QUESTION}
severity: high
falsePositives: none
respond: ask
key: [at]`;

const file = (head: string): string => `/*\n${head}\n*/\nselect $since as "at"`;

test('a question is read, its SQL on the lines where it stands', () => {
  const read = readQuestion('who', file(QUESTION));
  expect(read).toMatchObject({
    found: {
      name: 'who',
      title: 'T',
      parameters: { since: { type: 'instant', default: '7d' } },
      sql: `${'\n'.repeat(8)}select $since as "at"`,
    },
  });
});

test('a detection is a question with more head', () => {
  expect(readDetection('who', file(`${JUDGED}\nattack: [T1098.003]`))).toMatchObject({
    found: { severity: 'high', key: ['at'], attack: ['T1098.003'], atlas: [] },
  });
  expect(readQuestion('who', file(JUDGED))).toHaveProperty('faults');
});

const of = (from: string, to: string): string => file(QUESTION.replace(from, to));

test.each([
  ['select 1', /does not begin with a head/],
  ['/* title: [ */ select 1', /not YAML/],
  [of('title: T', ''), /title/],
  [of('type: instant', 'type: moment'), /parameters\.since\.type/],
  [of('default: 7d', 'default: soon'), /the default is not an instant/],
  [of('since:', 'json:'), /is an option of the command/],
  [of('action:access/grant', 'vendor:acme'), /is no need/],
  [of('target:grant', 'target:nothing'), /is no need/],
  [of('title: T', 'title: T\nauthor: me'), /author/],
])('%s', (text, fault) => {
  const read = readQuestion('who', text);
  expect('faults' in read && read.faults.join()).toMatch(fault);
});

test.each([
  ['severity: high', 'severity: bad', /severity/],
  ['key: [at]', 'key: [on]', /names on, which columns has not/],
  ['key: [at]', 'key: []', /names no column/],
  ['respond: ask', '', /respond/],
])('of a detection: %s → %s', (from, to, fault) => {
  const read = readDetection('who', file(JUDGED.replace(from, to)));
  expect('faults' in read && read.faults.join()).toMatch(fault);
});
