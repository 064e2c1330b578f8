import { expect, test } from 'vitest';
import { cut, fit, gridLine, naturalWidths, wrap } from '../../src/commands/grid.ts';
import { table } from '../../src/commands/table.ts';

test.each([
  ['nothing is cut that fits', [3, 5], 10, [3, 5]],
  ['the widest gives way', [3, 50], 20, [3, 15]],
  ['wide ones give way together', [40, 50], 22, [10, 10]],
  ['as far as it can be read', [40, 50], 14, [6, 6]],
  ['and no further', [40, 50], 13, null],
  ['narrow columns stay', [2, 2, 2, 40], 20, [2, 2, 2, 8]],
  ['no columns', [], 80, []],
])('%s', (_what, natural, width, expected) => {
  expect(fit(natural, width)).toEqual(expected);
});

test('a line has its cells below one another, cut ones with a mark', () => {
  const rows = [
    ['id', 'name'],
    ['1', 'Maya Peeters'],
    ['22', '👩‍💻'],
  ];
  const widths = naturalWidths(rows);
  expect(widths).toEqual([2, 12]);
  expect(rows.map((row) => gridLine(row, widths))).toEqual([
    'id  name',
    '1   Maya Peeters',
    '22  👩‍💻',
  ]);
  expect(gridLine(cut(['1', 'Maya Peeters'], [2, 6]), [2, 6])).toBe('1   Maya …');
  expect(gridLine(['123', 'Maya'], [2, 6])).toBe('123  Maya');
});

test.each([
  ['what fits stays', 'the role Admin', 20, ['the role Admin']],
  ['between words', 'the role Admin or Manager', 14, ['the role Admin', 'or Manager']],
  [
    'a word that is too long is broken',
    'ManageEnterpriseSettings',
    10,
    ['ManageEnte', 'rpriseSett', 'ings'],
  ],
  ['nothing', '', 10, ['']],
])('a text in lines: %s', (_what, text, width, expected) => {
  expect(wrap(text, width)).toEqual(expected);
});

test('a last column that does not fit a terminal goes on below itself; a pipe has it in one line', () => {
  const rows = [
    ['emea/users', 'ManageAccountMembership (ViewAccountMembership may do for reading)'],
  ];
  expect(table(['stream', 'takes'], rows, 42).split('\n')).toEqual([
    'stream      takes',
    'emea/users  ManageAccountMembership',
    '            (ViewAccountMembership may do',
    '            for reading)',
  ]);
  expect(table(['stream', 'takes'], rows).split('\n')).toHaveLength(2);
});
