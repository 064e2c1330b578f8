/**
 * One company with six vendors in November 2026. On the 11th somebody who is in Ann's session from a new address makes Bob an
 * administrator everywhere, weakens what guards the account, makes keys and takes data along. Lists were read on the 1st, which is
 * the base of every difference, and again on the 12th.
 */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { countriesOf } from '../country-file.ts';
import { type Item, OWN, TestArchive } from '../load/archive.ts';
import { addAgents } from './incident/agents.ts';
import { addApi } from './incident/api.ts';
import { addAssistant } from './incident/assistant.ts';
import { addChat } from './incident/chat.ts';
import { addEditor } from './incident/editor.ts';
import { addHub } from './incident/hub.ts';
import { at, LAST, type Lists } from './incident/story.ts';

export const NOW = Date.parse('2026-11-30T16:00:00Z');

/** The warehouse of the incident, for the tests of a file. */
export function incidentWarehouse(): () => string {
  let archive: TestArchive;
  let warehouse: string;
  beforeAll(async () => {
    archive = await TestArchive.open();
    archive.countries = await countriesOf(archive.home, {
      '192.0.2.0/24': 'DE',
      '203.0.113.0/24': 'US',
    });
    const { ledger } = await addIncident(archive);
    const generation = await archive.begin({ fresh: true });
    try {
      await generation.apply(archive.batches);
      ({ path: warehouse } = await generation.publish({ files: [ledger], seq: archive.seq }));
    } finally {
      await generation.finish();
    }
  });
  afterAll(() => rm(archive.home, { recursive: true, force: true }));
  return () => warehouse;
}

/** @returns the file of the ledger */
async function addIncident(archive: TestArchive): Promise<{ ledger: string }> {
  const runs: Run[] = [];
  for (const [account, add] of [
    [{ source: 'assistant', vendor: 'tabnine' }, addAssistant],
    [{ source: 'agents', vendor: 'devin' }, addAgents],
    [{ source: 'hub', vendor: 'github' }, addHub],
    [{ source: 'editor', vendor: 'cursor' }, addEditor],
    [{ source: 'chat', vendor: 'anthropic' }, addChat],
    [{ source: 'api', vendor: 'openai' }, addApi],
  ] as const) {
    archive.account = account;
    const read = async (instant: string, lists: Lists): Promise<void> => {
      for (const [stream, items, context] of lists) {
        await archive.add(stream, items, { at: instant, ...(context && { context }) });
      }
      const batches = archive.batches.slice(-lists.length);
      const streams = batches.map(({ stream, kind }) => ({ stream, hasDays: kind !== 'snapshot' }));
      runs.push({ seq: archive.seq, instant, source: account.source, streams });
    };
    await add(read);
  }
  archive.account = OWN;
  await archive.add('findings', FINDINGS);
  const ledger = join(archive.home, 'archive', 'ledger.ndjson');
  await writeFile(ledger, [...batchLines(archive), ...runs.map(runLine)].map(lineOf).join(''));
  return { ledger };
}

type Run = {
  seq: number;
  instant: string;
  source: string;
  streams: { stream: string; hasDays: boolean }[];
};

const FINDINGS: Item[] = [
  ['assistant', 'bob@acme.test', 'high', 'open', 'assistant:t3'],
  ['agents', 'bob@acme.test', 'medium', 'open', 'agents:d4'],
  ['hub', 'ann@acme.test', 'critical', 'open', 'hub:h3'],
  ['chat', 'ann@acme.test', 'high', 'closed', 'chat:a2'],
].map(([source = '', subject = '', severity = '', state = '', uid = '']) => ({
  key: uid,
  time: at(12),
  record: {
    finding_id: `finding-${uid}`,
    detection: 'made-for-a-test',
    title: 'Something happened at night',
    severity,
    source,
    subject,
    first_seen_at: at(11),
    last_seen_at: at(11),
    found_at: at(12),
    evidence: [uid],
    details: {},
    techniques: [],
    respond: 'Ask',
    state,
    reason: null,
    rule: '0'.repeat(64),
    revision: 1,
  },
}));

const lineOf = (line: object): string => `${JSON.stringify(line)}\n`;

function batchLines(archive: TestArchive): object[] {
  return archive.batches.map(({ seq, source, vendor, stream, kind, records }) => ({
    seq,
    at: LAST,
    kind: 'batch',
    source,
    vendor,
    stream,
    stream_kind: kind,
    new_records: records,
    min_time: at(1),
    max_time: at(20),
  }));
}

/** A run is known by the batch that it ends with. */
function runLine({ seq, instant, source, streams }: Run): object {
  return {
    seq,
    at: instant,
    kind: 'run',
    job: 'sync',
    run_id: `${source}-${instant}`,
    started_at: instant,
    finished_at: instant,
    outcome: 'complete',
    streams: streams.map(({ stream, hasDays }) => ({
      source,
      stream,
      outcome: 'complete',
      required: stream === 'audit-logs',
      ...(hasDays && {
        lookback_seconds: 86_400,
        window: { from: at(1), to: instant },
        watermark: instant,
        cursor: { watermark: Date.parse(instant), window: null, base: null },
      }),
    })),
  };
}
