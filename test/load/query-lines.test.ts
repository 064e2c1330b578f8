/** How SQL is read before it runs, and how rows become lines. */
import { expect, test } from 'vitest';
import { csvLine, jsonLine } from '../../src/load/query/lines.ts';
import { explained, skipBlank } from '../../src/load/query/sql-text.ts';

test.each([
  ['select 1', 0],
  ['  \n\tselect', 4],
  ['-- a\n-- b\nselect', 10],
  ['/* a */select', 7],
  ['/* a /* b */ c */ select', 18],
  ['/*/**/*/pragma', 8],
  ['-- no end', 9],
  ['/* no end', 9],
  ['', 0],
])('a statement begins behind blanks and comments: %j', (sql, at) => {
  expect(skipBlank(sql)).toBe(at);
});

test.each([
  ['explain select 1', 'select 1'],
  ['EXPLAIN  ANALYZE select 1', 'select 1'],
  ['/* a */ explain /* /**/ */ analyze (select 1)', '(select 1)'],
  ['explain (format json) select 1', ' select 1'],
  ['explain (analyze, format json) select 1', ' select 1'],
  ['explain (select 1)', '(select 1)'],
  ['select explain', null],
  ['explained', null],
])('what an EXPLAIN explains: %j', (sql, inner) => {
  expect(explained(sql)).toBe(inner);
});

const COLUMNS = [
  { name: 'a', isJson: false },
  { name: 'b"', isJson: true },
];

test.each([
  [['x', '{"n":12345678901234567890}'], String.raw`{"a":"x","b\"":{"n":12345678901234567890}}`],
  [[null, null], String.raw`{"a":null,"b\"":null}`],
  [['{"a":1}', '[1,\n2]'], String.raw`{"a":"{\"a\":1}","b\"":[1, 2]}`],
  [[[1, 'x'], '"t"'], String.raw`{"a":[1,"x"],"b\"":"t"}`],
])('JSON is JSON, digit for digit: %j', (values, line) => {
  expect(jsonLine(COLUMNS, values)).toBe(line);
});

test.each([
  [['a', 1, null, true], 'a,1,,true'],
  [['', null], '"",'],
  [['a,b', 'say "x"', 'l\nm'], '"a,b","say ""x""","l\nm"'],
  [['=1+1', '-2', -2, '@x', '\tx'], `'=1+1,'-2,-2,'@x,"'\tx"`],
  [['\n=1', '＝1', '＠x', 'a;=1', 'a\t=1'], `"'\n=1",'＝1,'＠x,"a;=1","a\t=1"`],
  [['\u001b[2J\u0007', '\u009b31m'], String.raw`\u{1b}[2J\u{7},\u{9b}31m`],
  [[[1, 2], { a: 'x' }], '"[1,2]","{""a"":""x""}"'],
])('CSV: %j', (values, line) => {
  expect(csvLine(values)).toBe(line);
});
