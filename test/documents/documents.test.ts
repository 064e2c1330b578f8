/** What commands print with --json is what src/documents says, and no key more. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DOCUMENTS } from '../../src/reference/documents.ts';
import { type Home, homeFor, type Ran, runHere, sandboxFor } from '../harness.ts';

/** The document, which has every key of its shape and no other. */
function documentIn(name: string, { stdout, stderr }: Ran): unknown {
  const document: unknown = JSON.parse(stdout);
  expect(DOCUMENTS[name]?.schema.parse(document), stderr).toEqual(document);
  return document;
}

async function printed(
  home: Home,
  name: string,
  args: readonly string[],
  code = 0,
): Promise<unknown> {
  const ran = await home.run([...args, '--json']);
  expect({ args, code: ran.code, error: ran.stderr }).toMatchObject({ args, code });
  return documentIn(name, ran);
}

const LOG = 'tabnine/audit-logs';

test('every verb prints the document that is published for it', async () => {
  const sandbox = await sandboxFor({ events: 60, days: 4 });
  const home = await homeFor(sandbox, ['tabnine'], { lake: true });
  await home.configure({
    lake: { retention: '3650d' },
    sinks: { local: { type: 'ndjson', path: 'rows.ndjson' } },
  });
  await printed(home, 'ask', ['ask']);
  await printed(home, 'preview', ['sync', '--preview']);
  await printed(home, 'check', ['check']);
  await printed(home, 'run', ['sync', LOG]);
  await printed(home, 'run', ['backfill', '--from', '2020-01-01', '--to', '2030-01-01', LOG]);
  await printed(home, 'deliver', ['deliver', '--from-seq', '0']);
  await printed(home, 'status', ['status']);
  await printed(home, 'query', ['ask', 'admin-granted', '--since', '3650d']);
  await printed(home, 'detect', ['detect']);
  await printed(home, 'detections', ['detect', '--list']);
  await printed(home, 'verify', ['verify']);
  await printed(home, 'verify', ['verify', '--against-source']);
  await printed(home, 'rebuild', ['rebuild']);
  await printed(home, 'prune-lake', ['prune', '--lake']);
  const rows = await printed(home, 'query', [
    'query',
    'select event_uid from audit_events limit 1',
  ]);
  const [{ event_uid: uid = '' } = {}] = rows as { event_uid?: string }[];
  await printed(home, 'proof', ['verify', '--event', uid, '--proof', 'proof.json']);
  // Right in itself, but nobody vouches for an unsigned head.
  await printed(home, 'proof-check', ['verify', '--proof', 'proof.json'], 3);
  await printed(home, 'prune', ['prune', '--event', uid, '--reason', 'test']);
  await printed(home, 'prune', ['prune', '--event', uid, '--reason', 'test', '--yes']);

  const signal = AbortSignal.abort();
  const ran = await runHere(['sandbox', '--json'], { env: home.env, cwd: home.folder, signal });
  documentIn('sandbox', ran);
});

test('also of what goes wrong', async () => {
  const sandbox = await sandboxFor({ events: 40, days: 2 });
  const home = await homeFor(sandbox);
  await home.sync();
  sandbox.tabnine.tokenRefused = true;
  const check = await home.run(['check', '--json']);
  expect(check.code).toBe(4);
  documentIn('check', check);
  const refused = await home.run(['sync', LOG, '--json']);
  expect(refused.code).toBe(4);
  documentIn('run', refused);
  documentIn('status', await home.run(['status', '--coverage', '--json']));
  await rm(join(home.folder, 'archive'), { recursive: true });
  await printed(home, 'error', ['status'], 5);
});
