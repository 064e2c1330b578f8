import { expect, test } from 'vitest';
import { statusScreen } from '../../src/commands/status-screen.ts';
import type { StatusDocument, StreamStatus } from '../../src/documents/status.ts';
import { STATUS, streamStatus } from '../documents/examples.ts';

const shown = (document: StatusDocument): string[] =>
  statusScreen(document, { home: '/h', isVerbose: false, width: null }).split('\n');

const read = (stream: string, kind: StreamStatus['kind'], watermark: string): StreamStatus =>
  streamStatus(stream, { kind, watermark, last_outcome: 'complete' });

test('a source is read up to where its logs are, not its figures per month', () => {
  const streams = [
    read('emea/audit-logs', 'log', '2026-06-10T02:15:30.123Z'),
    read('emea/figures', 'series', '2026-06-01T00:00:00.000Z'),
  ];
  expect(shown({ ...STATUS, streams })).toContainEqual(
    expect.stringMatching(/^emea +2 of 2 complete +0 +2026-06-10T02:15Z$/),
  );
});

test('where no run has come to its end, that is said, and not each stream', () => {
  const streams = ['a', 'b'].map((name) => streamStatus(`emea/${name}`, { records: 7 }));
  const lines = shown({ ...STATUS, streams, warehouse: null });
  expect(lines.filter((line) => line.startsWith('emea/'))).toEqual([]);
  expect(lines.at(-1)).toContain('no run has come to its end yet: what is archived is safe');
});

test('what is new to the vocabulary is one line, however many actions', () => {
  const unknown_actions = ['moved', 'merged'].map((action) => {
    return { vendor: 'acme', action, count: 3 };
  });
  const streams = [read('emea/audit-logs', 'log', '2026-06-10T02:15:30.123Z')];
  expect(shown({ ...STATUS, streams, unknown_actions })).toContain(
    'actions not in the vocabulary, with how many events: moved (3), merged (3)',
  );
});

test('a run tells its end once, and fits a terminal', () => {
  const streams = [read('emea/audit-logs', 'log', '2026-06-10T02:15:30.123Z')];
  const verdict = 'A person must act: emea refuses the token (401)';
  const run: StatusDocument['runs'][number] = {
    job: 'sync',
    run_id: 'r',
    outcome: 'failed',
    exit: 4,
    verdict,
    started_at: '2026-06-10T02:15:00.000Z',
    finished_at: '2026-06-10T02:15:04.000Z',
    streams: [],
    quirks: [],
  };
  const lines = shown({ ...STATUS, streams, runs: [run] });
  expect(lines.at(-1)).toBe(`2026-06-10T02:15Z  sync  4     4.0 s    ${verdict}`);
});
