/**
 * Writes an archive as years of nights leave it: many batch files with an event each, by the product's own writer. Its
 * argument is a JSON object: home, batches, and the instant before which all of it happened.
 */
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { Archive } from '../dist/state/archive.js';
import { BatchBuilder } from '../dist/state/batch.js';
import { layout } from '../dist/state/layout.js';

const YEARS_MS = 3 * 365 * 86_400_000;
const PATH = '/api/v1/organization/audit-logs';

const { home, batches, before } = JSON.parse(process.argv[2]);
const { TABNINE_BASE_URL, TABNINE_TOKEN } = process.env;

await leaveDiskAlone();
const organization = await answer('/api/v1/organization');
const [event] = (await answer(`${PATH}?limit=1`)).items;

let now = before - YEARS_MS;
const archive = await Archive.openForWriting(layout(home), () => now);
const head = {
  source: 'tabnine',
  vendor: 'tabnine',
  stream: 'audit-logs',
  stream_kind: 'log',
  organization_id: organization.id,
};
for (let number = 1; number <= batches; number += 1) {
  now = Math.floor(before - YEARS_MS + (YEARS_MS * number) / batches);
  await commit(number);
}

async function commit(number) {
  const id = `${event.id.slice(0, -8)}${String(number).padStart(8, '0')}`;
  const time = now - 60_000;
  const text = JSON.stringify({ ...event, id, timestamp: new Date(time).toISOString() });
  const body = Buffer.from(`{"items":[${text}],"total":1,"limit":1,"offset":0}`);
  const batch = new BatchBuilder();
  const sha256 = createHash('sha256').update(body).digest('hex');
  const note = { request: PATH, status: 200, at: now, bytes: body.length, sha256, records: 1 };
  batch.record(batch.page(note), id, time, Buffer.from(text));
  const counts = { pages: 1, records: 1, new: 1, changed: 0 };
  // A sync goes on from here: it does not ask the vendor for what the vendor has never had.
  await archive.commit(`run-${number}`, head, batch, counts, () => ({
    watermark: before,
    window: null,
    base: null,
  }));
}

/** What is written here outlives no power cut, and need not: fsyncs would take most of the time. */
async function leaveDiskAlone() {
  const handle = await open(process.execPath);
  Object.getPrototypeOf(handle).sync = async () => undefined;
  await handle.close();
}

async function answer(path) {
  const headers = { authorization: `Bearer ${TABNINE_TOKEN}` };
  const response = await fetch(`${TABNINE_BASE_URL}${path}`, { headers });
  if (!response.ok) throw new Error(`the sandbox answered ${response.status} for ${path}`);
  return await response.json();
}
