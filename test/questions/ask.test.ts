/** What a question is asked with. */
import { expect, test } from 'vitest';
import { notAnswered, questionNamed, valuesOf } from '../../src/questions/ask.ts';
import { parameterFault, valueOf } from '../../src/questions/parameters.ts';

const NOW = Date.parse('2026-11-30T16:00:00Z');
const at = (text: string): number => Date.parse(text);

test.each([
  ['instant', '7d', 'instant', at('2026-11-23T16:00:00Z')],
  ['instant', 'now', 'instant', NOW],
  ['instant', '2026-10-31', 'instant', at('2026-10-31')],
  ['date', 'today', 'date', at('2026-11-30')],
  ['date', '1d', 'date', at('2026-11-29')],
  ['date', '2026-10-31', 'date', at('2026-10-31')],
  ['month', 'this', 'date', at('2026-11-01')],
  ['month', 'last', 'date', at('2026-10-01')],
  ['month', '2026-02', 'date', at('2026-02-01')],
  ['text', '', 'text', ''],
  ['integer', '-5', 'integer', -5],
  ['number', '1.5', 'number', 1.5],
] as const)('%s %s', (type, text, bound, value) => {
  expect(valueOf({ type }, text, NOW)).toEqual({ type: bound, value });
});

test.each([
  ['instant', 'yesterday'],
  ['instant', '2026-02-30'],
  ['date', '2026-10-31T12:00:00Z'],
  ['month', '2026-13'],
  ['month', '2026-10-01'],
  ['integer', '1.5'],
  ['number', 'many'],
] as const)('%s %s is refused', (type, text) => {
  expect(valueOf({ type }, text, NOW)).toHaveProperty('hint');
});

test.each([
  [{ type: 'text', atLeast: 1, says: 'what' }, 'only a number has `atLeast`'],
  [{ type: 'integer', default: 0, atLeast: 1, says: 'what' }, 'the default is less than 1'],
  [{ type: 'number', default: 1.5, atLeast: 1, says: 'what' }, null],
] as const)('%j', (parameter, fault) => {
  expect(parameterFault(parameter)).toBe(fault);
});

const QUESTION = {
  name: 'who',
  parameters: {
    address: { type: 'text', says: 'whose' },
    since: { type: 'instant', default: '1d', says: 'from' },
    at_most: { type: 'integer', default: null, atLeast: 1, says: 'how many' },
    until: { type: 'instant', default: null, says: 'to' },
    by: { type: 'text', default: null, oneOf: ['team', 'model'], says: 'by what' },
  },
} as const;

test.each([
  [['ann'], 'ann', NOW - 86_400_000, null],
  [['--at-most', '5', 'ann', '--since=now'], 'ann', NOW, 5],
  [['--address', 'ann'], 'ann', NOW - 86_400_000, null],
])('%j', (given, address, since, most) => {
  expect(valuesOf(QUESTION, given, NOW)).toEqual({
    address: { type: 'text', value: address },
    since: { type: 'instant', value: since },
    at_most: most === null ? null : { type: 'integer', value: most },
    until: null,
    by: null,
  });
});

test.each([
  [[], 'who needs --address: whose'],
  [['ann', 'bob'], 'who does not take bob'],
  [['ann', '--sinse', '1d'], 'who does not take --sinse'],
  [['ann', '--since'], '--since has no value'],
  [['ann', '--since', 'soon'], '--since soon is not an instant'],
  [['ann', '--address', 'bob'], '--address is given twice'],
  [['ann', '--since', '1d', '--until', '2d'], '--since is not before --until'],
  [['ann', '--by', 'tea'], '--by tea is none of what it takes'],
  [['ann', '--at-most', '0'], '--at-most 0 is less than 1'],
])('%j is refused', (given, message) => {
  expect(() => valuesOf(QUESTION, given, NOW)).toThrow(message);
});

test('a mistyped name gets the nearest', () => {
  const questions = [{ name: 'admins' }, { name: 'leavers' }];
  expect(() => questionNamed('leaver', questions)).toThrow('there is no question leaver');
});

test('who cannot be answered for follows from what vendors declare', () => {
  const event = { vendor: 'a', stream: 's', target: 'event' } as const;
  const action = { category: 'access', activity: 'grant', action: 'x', finding: null };
  const declared = {
    mappings: [
      { ...event, sql: 'select r.ip as ip_address, null::varchar as user_agent' },
      { ...event, vendor: 'b', target: 'grant' as const, sql: '' },
    ],
    actions: [{ vendor: 'a', ...action }],
    measures: [],
  };
  const sources = [
    { source: 'one', vendor: 'a' },
    { source: 'two', vendor: 'b' },
  ];
  const asked = (...needs: string[]): string[] => notAnswered({ needs }, sources, declared);
  expect(asked('action:access/grant')).toEqual(['two: its log has no granted roles']);
  expect(asked('action:access/grant or target:grant')).toEqual([]);
  expect(asked('column:ip_address')).toEqual(['two: its log names no address']);
  expect(asked('column:user_agent', 'action:access/*')).toEqual([
    'one: its log names no program',
    'two: its log names no program, its log has no access',
  ]);
  expect(asked('measure:cost')).toHaveLength(2);
});
