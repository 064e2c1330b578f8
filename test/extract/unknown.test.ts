import { expect, test } from 'vitest';
import { metIn } from '../../src/extract/unknown.ts';

const PLACES = ['data.*.reviewed_at', 'data.*.created_at'];

test.each<[what: string, places: readonly string[], body: string, met: unknown]>([
  [
    'the first name that has a value',
    PLACES,
    '{"data":[{"reviewed_at":null,"created_at":"2026-11-01"}]}',
    { place: PLACES[1], form: 'a day' },
  ],
  [
    'in any element',
    PLACES,
    '{"data":[{},{"reviewed_at":"2026-11-01T00:00:00Z"}]}',
    { place: PLACES[0], form: 'an instant' },
  ],
  [
    'seconds',
    PLACES,
    '{"data":[{"created_at":1764547200}]}',
    { place: PLACES[1], form: 'a number, 10 digits' },
  ],
  [
    'milliseconds as a text',
    PLACES,
    '{"data":[{"created_at":"1764547200000"}]}',
    { place: PLACES[1], form: 'a number as a text' },
  ],
  [
    'under no name that is known',
    PLACES,
    '{"data":[{"made":"2026-11-01"}]}',
    { place: null, form: '' },
  ],
  ['nothing that could have it', PLACES, '{"data":[]}', null],
  ['another kind of answer', PLACES, '{"data":"none"}', null],
  ['a list at the top', ['members', 'data'], '{"data":[]}', { place: 'data', form: 'a list' }],
  [
    'the elements of an object',
    ['data.*.date'],
    '{"data":{"a@b":{"date":1.5}}}',
    { place: 'data.*.date', form: 'a fraction' },
  ],
  ['the body itself', [''], '[]', { place: '', form: 'a list' }],
  ['line by line', [''], '{"a":1}\n{"a":2}', { place: '', form: 'a JSON value per line' }],
  [
    'in the first of several lines',
    ['id', '*.id'],
    '{"id":1}\n{"id":2}',
    { place: '*.id', form: 'a number, 1 digit' },
  ],
  [
    'a name that every object has',
    ['data.*.constructor'],
    '{"data":[{}]}',
    { place: null, form: '' },
  ],
  [
    'a number too large for a digit count by hand',
    ['n'],
    '{"n":1e300}',
    { place: 'n', form: 'a number, 301 digits' },
  ],
])('%s', (_what, places, body, met) => {
  expect(metIn({ what: 'it', places }, Buffer.from(body))).toEqual(met);
});

test('what was found is described and never quoted', () => {
  const met = metIn({ what: 'it', places: ['x'] }, Buffer.from('{"x":"sk-secret"}'));
  expect(met).toEqual({ place: 'x', form: 'a text' });
});
