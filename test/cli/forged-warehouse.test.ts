/** Whoever may write into the home but has no key keeps no event from being judged or delivered, whatever is put back afterwards. */
import {
  copyFile,
  cp,
  mkdir,
  open,
  readFile,
  rename,
  rm,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { deliverDocument } from '../../src/documents/deliver.ts';
import { isProvenUnaltered, markOf } from '../../src/load/warehouse/mark.ts';
import { publishedGeneration } from '../../src/load/warehouse/published.ts';
import { readingPublished } from '../../src/load/warehouse/read-published.ts';
import { homeFor, sandboxFor } from '../harness.ts';
import { forgeNote } from '../load/forged-note.ts';
import { eventAt, MINUTE } from '../sync/support.ts';
import { writeInto } from '../warehouse-file.ts';
import { keysIn } from '../signing-keys.ts';

const OWN = `/*
title: Somebody signed in
answers: Who signed in
parameters: { after: { type: integer, default: 0, says: the seq after which events are new } }
columns: { at: when, source: where, subject: who, evidence: the events }
severity: low
falsePositives: None
respond: Ask them
key: [subject]
*/
select occurred_at as "at", source, event_uid as subject, [event_uid] as evidence from audit_events where seq > $after`;

test('what somebody took out of a signed warehouse, and out of its note, is judged, delivered and seen', async () => {
  const home = await homeFor(await sandboxFor({ events: 20, days: 2 }), ['tabnine']);
  const folder = dirname(home.folder);
  const { key, pub } = await keysIn(folder, 'signing');
  const own = join(folder, 'own');
  await mkdir(own);
  await writeFile(join(own, 'signed-in.sql'), OWN);
  const rows = join(folder, 'rows.ndjson');
  const config = { sinks: { file: { type: 'ndjson', path: rows, tables: ['audit_events'] } } };
  await writeFile(join(folder, 'sinks.yaml'), JSON.stringify(config));
  Object.assign(home.env, {
    AUDITLAKE_SIGNING_KEY_FILE: key,
    AUDITLAKE_TRUSTED_KEYS: pub,
    AUDITLAKE_DETECTIONS: own,
  });
  await home.run(['sync', 'tabnine/audit-logs']);
  expect((await home.run(['verify'])).code).toBe(0);
  await home.run(['sync', 'tabnine/audit-logs']);
  const n = (await home.query('from audit_events')).length;
  /** With all that the note says but the signature, which nobody can make. */
  const forge = async (): Promise<void> => {
    const path = (await publishedGeneration(home.folder))?.path ?? '';
    await writeInto(path, 'delete from internal.events');
    const mark = await markOf(path);
    await forgeNote(home.folder, (note) => ({ ...note, ...mark }));
  };

  await forge();
  expect((await home.run(['verify', '--since-last'])).code).toBe(5);
  const detected = await home.run(['detect', 'signed-in', '--from', '2020-01-01', '--json']);
  expect(detected.stderr).toContain('no trusted key signed the note');
  expect(JSON.parse(detected.stdout)).toMatchObject({ detections: [{ new: n }] });

  await forge();
  const delivered = ['deliver', '--config', join(folder, 'sinks.yaml'), '--json'];
  expect(JSON.parse((await home.run(delivered)).stdout)).toMatchObject({ sinks: [{ rows: n }] });
  expect((await readFile(rows, 'utf8')).trim().split('\n')).toHaveLength(n);

  // Once more, and only the note of before is put back: its file is another now.
  const note = join(home.folder, 'warehouse', 'current.json');
  const signed = await readFile(note);
  await forge();
  await writeFile(note, signed);
  expect((await home.run(['detect', 'signed-in', '--json'])).stderr).toContain('is built anew');
  expect((await home.run(['verify'])).code).toBe(0);
});

test('who has no key moves no position forward, be it with that of another sink', async () => {
  const home = await homeFor(await sandboxFor({ events: 20, days: 2 }), ['tabnine']);
  const folder = dirname(home.folder);
  const { key, pub } = await keysIn(folder, 'signing');
  const sinks = { one: join(folder, 'one.ndjson'), other: join(folder, 'other.ndjson') };
  const config = Object.entries(sinks).map(([name, path]) => [name, { type: 'ndjson', path }]);
  await writeFile(
    join(folder, 'sinks.yaml'),
    JSON.stringify({ sinks: Object.fromEntries(config) }),
  );
  Object.assign(home.env, { AUDITLAKE_SIGNING_KEY_FILE: key, AUDITLAKE_TRUSTED_KEYS: pub });
  await home.run(['sync', 'tabnine/audit-logs']);
  const n = (await home.query('from audit_events')).length;
  const deliver = async (sink: string): Promise<{ rows: number; isBelieved: boolean }> => {
    const args = ['deliver', sink, '--config', join(folder, 'sinks.yaml'), '--json'];
    const { stdout, stderr } = await home.run(args);
    const { rows = -1 } = deliverDocument.parse(JSON.parse(stdout)).sinks[0] ?? {};
    return { rows, isBelieved: !stderr.includes('no trusted key signed deliveries/') };
  };
  const positions = (sink: string): string => join(home.folder, 'deliveries', `${sink}.json`);

  expect(await deliver('other')).toEqual({ rows: n, isBelieved: true });
  await copyFile(positions('other'), positions('one'));
  expect(await deliver('one')).toEqual({ rows: n, isBelieved: false });
  expect(await deliver('one')).toEqual({ rows: 0, isBelieved: true });

  // The ledger says what was delivered: nothing is sent twice.
  const signed = await readFile(positions('one'), 'utf8');
  const { signature: _, ...unsigned } = JSON.parse(signed) as { signature: unknown };
  await writeFile(positions('one'), JSON.stringify(unsigned));
  expect(await deliver('one')).toEqual({ rows: 0, isBelieved: false });
});

test('positions are those in one ledger: once it was cut and went on otherwise, nothing is passed over', async () => {
  const sandbox = await sandboxFor({ events: 20, days: 2 });
  const home = await homeFor(sandbox, ['tabnine']);
  const folder = dirname(home.folder);
  const { key, pub } = await keysIn(folder, 'signing');
  const rows = join(folder, 'rows.ndjson');
  const config = { sinks: { file: { type: 'ndjson', path: rows, tables: ['audit_events'] } } };
  await writeFile(join(folder, 'sinks.yaml'), JSON.stringify(config));
  Object.assign(home.env, { AUDITLAKE_SIGNING_KEY_FILE: key, AUDITLAKE_TRUSTED_KEYS: pub });
  const sync = async (): Promise<number | null> =>
    (await home.run(['sync', 'tabnine/audit-logs', '--config', join(folder, 'sinks.yaml')])).code;
  expect(await sync()).toBe(0);
  await cp(join(home.folder, 'archive'), join(folder, 'before'), { recursive: true });
  sandbox.tabnine.events.insert(eventAt(Date.now() - 2 * MINUTE, 'one'));
  expect(await sync()).toBe(0);
  // Back to the head of the night before; the next one brings as many lines as were taken, with another event among them.
  await rm(join(home.folder, 'archive'), { recursive: true });
  await cp(join(folder, 'before'), join(home.folder, 'archive'), { recursive: true });
  sandbox.tabnine.events.insert(eventAt(Date.now() - 2 * MINUTE, 'two'));
  expect([await sync(), await sync()]).toEqual([5, 5]);
  const again = ['deliver', 'file', '--from-seq', '1', '--config', join(folder, 'sinks.yaml')];
  expect((await home.run(again)).code).toBe(0);
  expect(await readFile(rows, 'utf8')).toContain('two');
  expect(await sync()).toBe(0);
});

test('a signed warehouse that is another while it is read counts for nothing', async () => {
  const folder = dirname((await homeFor(null)).folder);
  const path = join(folder, '000000000001.duckdb');
  await writeFile(path, 'as published');
  const signature = { key: '', signature: '' };
  const published = { path, hash: 'h', signature, ...(await markOf(path)) };
  await untilTimeMoves(path);
  const notary = { isGood: () => true, sign: () => signature };
  const acts: Record<string, () => Promise<void>> = {
    'written into, and back again': async () => {
      const { atime, mtime } = await stat(path);
      await writeFile(path, 'as  forged .');
      await writeFile(path, 'as published');
      await utimes(path, atime, mtime);
    },
    'taken away, and put back': async () => {
      await rename(path, `${path}.kept`);
      await writeFile(path, 'as  forged .');
      await rename(`${path}.kept`, path);
    },
  };
  await expect(readingPublished(published, notary, async () => 'read')).resolves.toBe('read');
  for (const [what, act] of Object.entries(acts)) {
    const read = readingPublished(published, notary, act);
    await expect(read, what).rejects.toMatchObject({ exit: 5 });
    await expect(readingPublished(published, null, act), what).resolves.toBe(undefined);
  }
  const stranger = { ...notary, isGood: () => false };
  await expect(readingPublished(published, stranger, async () => 1)).rejects.toThrow('wrote into');
});

/** The time of a change is as fine as the kernel's tick. */
async function untilTimeMoves(path: string): Promise<void> {
  const { ctimeNs } = await stat(path, { bigint: true });
  const probe = `${path}.probe`;
  do await writeFile(probe, '');
  while ((await stat(probe, { bigint: true })).ctimeNs === ctimeNs);
}

test('a byte in the midst of a large file, of which only the header has a hash, is seen too', async () => {
  const path = join(dirname((await homeFor(null)).folder), 'large.duckdb');
  await writeFile(path, Buffer.alloc(17 * 1024 * 1024));
  const mark = await markOf(path);
  expect(mark.sha256).toBeNull();
  expect(await isProvenUnaltered(path, mark)).toBe(true);
  const { atime, mtime } = await stat(path);
  const file = await open(path, 'r+');
  await file.write(Buffer.from([1]), 0, 1, 9_000_000);
  await file.close();
  await utimes(path, atime, mtime);
  expect(await isProvenUnaltered(path, mark)).toBe(false);
});
