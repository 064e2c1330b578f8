import { expect, test } from 'vitest';
import { statusScreen } from '../../src/commands/status-screen.ts';
import type { StatusDocument, StreamStatus } from '../../src/documents/status.ts';
import { STATUS, streamStatus } from '../documents/examples.ts';

const shown = (document: StatusDocument): string[] =>
  statusScreen(document, { home: '/h', isVerbose: false, width: null }).split('\n');

const read = (
  stream: string,
  kind: StreamStatus['kind'],
  read_up_to: string,
  about: Partial<StreamStatus> = {},
): StreamStatus => streamStatus(stream, { kind, read_up_to, last_outcome: 'complete', ...about });

test('a source is read up to where its logs are, not its figures per month', () => {
  const streams = [
    read('emea/audit-logs', 'log', '2026-06-10T02:15:30.123Z'),
    read('emea/figures', 'series', '2026-06-10T02:15:00.000Z', {
      watermark: '2026-06-01T00:00:00.000Z',
    }),
    read('emea/ended', 'series', '2026-01-01T00:00:00.000Z', { ended: true }),
  ];
  expect(shown({ ...STATUS, streams })).toContainEqual(
    expect.stringMatching(/^emea +3 of 3 complete +0 +2026-06-10T02:15Z$/),
  );
});

const names = (streams: StreamStatus[]): string[] =>
  shown({ ...STATUS, streams }).flatMap((line) => /^emea\/\S+/.exec(line)?.[0] ?? []);

test('a stream is late by its own rhythm, and then it is named', () => {
  const log = read('emea/audit-logs', 'log', '2026-06-10T02:15:30.123Z');
  const figures = read('emea/figures', 'series', '2026-06-10T02:15:30.123Z', {
    watermark: '2026-05-01T00:00:00.000Z',
  });
  expect(names([log, figures])).toEqual([]);
  const late = read('emea/git-events', 'log', '2026-06-08T02:15:30.123Z');
  expect(names([log, figures, late])).toEqual(['emea/git-events']);
  expect(
    names([log, read('emea/old', 'series', '2026-01-01T00:00:00.000Z', { ended: true })]),
  ).toEqual([]);
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
