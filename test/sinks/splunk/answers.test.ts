import { describe, expect, test } from 'vitest';
import { acknowledged, judge } from '../../../src/sinks/splunk/answers.ts';

const answer = (code: number, more: object = {}): string =>
  JSON.stringify({ text: 'said so', code, ...more });

describe('what an answer to events means', () => {
  test.each([
    [200, answer(0), { kind: 'accepted', ackId: null }],
    [200, answer(0, { ackId: 0 }), { kind: 'accepted', ackId: 0 }],
    [200, answer(24), { kind: 'accepted' }],
    [200, answer(25, { ackId: 3 }), { kind: 'accepted', ackId: 3 }],
    // Accepted only if the collector itself says so.
    [200, answer(9), { kind: 'later' }],
    [200, '<html>Sign in</html>', { kind: 'later' }],
    [200, '', { kind: 'later' }],
    [200, '{"text":"Success"}', { kind: 'later' }],
    [200, answer(0).slice(0, -1), { kind: 'later' }],

    [403, answer(1), { kind: 'person', hint: expect.stringContaining('disabled') }],
    [401, answer(2), { kind: 'person', hint: expect.stringContaining('make a token') }],
    [401, answer(3), { kind: 'person', hint: expect.stringContaining('make a token') }],
    [403, answer(4), { kind: 'person', hint: expect.stringContaining('make a token') }],
    [403, 'Forbidden', { kind: 'person', hint: expect.stringContaining('make a token') }],
    [400, answer(7, { 'invalid-event-number': 1 }), { kind: 'person', hint: /index/ }],
    [400, answer(10), { kind: 'person', hint: expect.stringContaining('ack') }],
    [400, answer(28), { kind: 'person', hint: expect.stringContaining('ack') }],
    [400, answer(16), { kind: 'person' }],
    [400, answer(99), { kind: 'person' }],
    [400, 'Bad Request', { kind: 'person', hint: expect.stringContaining('url') }],
    [301, '', { kind: 'person', hint: expect.stringContaining('url') }],
    [404, answer(404), { kind: 'person', hint: expect.stringContaining('url') }],

    [400, answer(5), { kind: 'refused', event: null, ackId: null }],
    [400, answer(6), { kind: 'refused', event: null }],
    [400, answer(6, { 'invalid-event-number': 0 }), { kind: 'refused', event: 0, ackId: null }],
    [400, answer(12, { 'invalid-event-number': 7, ackId: 2 }), { event: 7, ackId: 2 }],
    [400, answer(13, { 'invalid-event-number': -1 }), { kind: 'refused', event: null }],
    [400, answer(15, { 'invalid-event-number': 'x' }), { kind: 'refused', event: null }],
    [413, '<html>', { kind: 'refused', event: null, ackId: null, tooLarge: true }],

    [400, answer(11), { kind: 'channel' }],
    [400, answer(14), { kind: 'no-ack' }],
    [500, answer(8), { kind: 'later' }],
    [503, answer(9), { kind: 'later' }],
    [503, answer(23), { kind: 'later' }],
    [429, answer(26), { kind: 'later' }],
    [408, '', { kind: 'later' }],
    [502, '<html>', { kind: 'later' }],
  ])('status %i, %s', (status, body, verdict) => {
    const { hint } = verdict as { hint?: unknown };
    const expected =
      hint instanceof RegExp ? { ...verdict, hint: expect.stringMatching(hint) } : verdict;
    expect(judge(status, body)).toMatchObject(expected);
  });

  test('its words are bounded and cannot move the cursor', () => {
    const verdict = judge(503, JSON.stringify({ text: `\u001B[2J${'x'.repeat(10_000)}`, code: 9 }));
    expect(verdict).toMatchObject({
      words: expect.stringMatching(/^status 503, code 9: \\u\{1b\}/),
    });
    expect(JSON.stringify(verdict).length).toBeLessThan(250);
  });
});

test.each([
  [200, '{"acks":{"0":true,"1":false,"12":true}}', [0, 12]],
  [200, '{"acks":{}}', []],
  [200, '{"acks":{"0":"yes"}}', null],
  [200, '{"text":"Success","code":0}', null],
  [200, '<html>', null],
  [400, '{"acks":{"0":true}}', null],
])('acknowledged by status %i, %s', (status, body, ids) => {
  expect(acknowledged(status, body)).toEqual(ids === null ? null : new Set(ids));
});
