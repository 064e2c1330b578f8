import { expect, test } from 'vitest';
import { diagnose, type Pieces } from '../../src/runs/diagnose.ts';

const failed = (stream: string, code: string, exit: number, message = 'it was so') => ({
  source: stream.split('/')[0] ?? '',
  stream: stream.split('/')[1] ?? '',
  outcome: exit === 3 ? ('incomplete' as const) : ('failed' as const),
  error: { code, message, hint: 'do it', exit },
});
const REFUSED = 'GET https://api.acme.test/log: status 401: no';
const derived = (outcome: 'complete' | 'incomplete' | 'failed', error?: string) => ({
  outcome,
  ms: 1,
  rows: 0,
  seq: null,
  ...(error === undefined ? {} : { error }),
});

test.each<[string, Pieces, string, [string, number, number][]]>([
  ['nothing is wrong', {}, 'complete', []],
  [
    'a refused token is one cause, however many streams it ends',
    { streams: ['a', 'b', 'c'].map((name) => failed(`acme/${name}`, 'token-refused', 4, REFUSED)) },
    'A person must act: acme refuses the token (401)',
    [['acme', 3, 4]],
  ],
  [
    'the worst comes first: what a person must do before what heals',
    {
      streams: [failed('beta/log', 'network', 3), failed('acme/log', 'token-refused', 4, REFUSED)],
    },
    'A person must act: acme refuses the token (401), and 1 more cause',
    [
      ['acme', 1, 4],
      ['beta', 1, 3],
    ],
  ],
  [
    'a stop is one cause for all, and what it kept from being made goes without saying',
    {
      streams: [
        failed('acme/log', 'stopped', 3, 'stopped on request'),
        failed('beta/log', 'stopped', 3),
      ],
      lake: derived('incomplete', 'stopped on request'),
    },
    'Incomplete, and the next run goes on: stopped on request',
    [['run', 2, 3]],
  ],
  [
    'what no stream is to blame for',
    { warehouse: derived('failed', 'no\n  room') },
    'Failed: warehouse: not updated: no room',
    [['warehouse', 0, 1]],
  ],
  [
    'a receiver',
    {
      sinks: [
        {
          sink: 'siem',
          outcome: 'failed',
          error: { code: 'splunk-refused', message: 'no', hint: '', exit: 4 },
        },
      ],
    },
    'A person must act: siem: no',
    [['siem', 0, 4]],
  ],
  [
    'a line of an earlier version has no exit code',
    {
      streams: [
        {
          source: 'acme',
          stream: 'log',
          outcome: 'failed',
          error: { code: 'x', message: 'y', hint: 'z' },
        },
      ],
    },
    'Failed: acme: y',
    [['acme', 1, 1]],
  ],
  [
    'unavailable is no failure',
    {
      streams: [
        {
          source: 'acme',
          stream: 'log',
          outcome: 'unavailable',
          error: { code: 'forbidden', message: 'y', hint: 'z', exit: 0 },
        },
      ],
    },
    'complete',
    [],
  ],
])('%s', (_, pieces, verdict, causes) => {
  const diagnosis = diagnose(pieces);
  expect(diagnosis.verdict).toBe(verdict);
  expect(
    diagnosis.causes.map(({ subject, streams, exit }) => [subject, streams.length, exit]),
  ).toEqual(causes);
});
