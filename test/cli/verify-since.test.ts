/** A verification that goes on from the last one, and what it goes on from. */
import { generateKeyPairSync, hash } from 'node:crypto';
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { verifyDocument } from '../../src/documents/verify.ts';
import { type Home, homeFor } from '../harness.ts';
import { few } from '../long.ts';
import { type Clock, eventAt, MINUTE, stillSandbox } from '../sync/support.ts';
import { filesBelow } from './archived.ts';

let home: Home;
let night: (id: string) => Promise<void>;

beforeEach(async () => {
  const { sandbox, clock } = await stillSandbox({ events: 5 });
  home = await homeFor(sandbox);
  night = nightOf(clock, (id) => {
    sandbox.tabnine.events.insert(eventAt(clock.at - 5 * MINUTE, id));
  });
});

/** A run with one new event, ten minutes later. */
function nightOf(clock: Clock, add: (id: string) => void): (id: string) => Promise<void> {
  return async (id) => {
    clock.at += 10 * MINUTE;
    add(id);
    await home.sync();
  };
}

async function verify(...args: string[]) {
  const { code, stdout, stderr } = await home.run(['verify', '--json', ...args]);
  const { since, faults, warehouse } = verifyDocument.parse(JSON.parse(stdout));
  return { code, since: since?.seq ?? null, faults, state: warehouse.state, stderr };
}

/** Flips a bit of a batch, by its place among them. */
async function alter(place: number, below = ''): Promise<void> {
  const batches = (await filesBelow(join(home.folder, below)))
    .filter((file) => file.endsWith('.ndjson.gz'))
    .map((file) => join(below, file));
  const file = join(home.folder, batches.toSorted().at(place) ?? '?');
  const bytes = await readFile(file);
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
  await writeFile(file, bytes);
}

/** From now on with a key of its own. */
async function sign(): Promise<void> {
  const key = join(home.folder, '..', 'signing.pem');
  const { privateKey } = generateKeyPairSync('ed25519');
  await writeFile(key, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  home.env['AUDITLAKE_SIGNING_KEY_FILE'] = key;
}

const NOTE = 'verified.json';

test('without a verification in the ledger everything is verified, once a run has noted it what is new', async () => {
  await night('one');
  const first = await verify('--since-last');
  expect(first).toMatchObject({ code: 0, since: null, state: 'equal' });
  expect(first.stderr).toContain('everything is verified');
  const { head } = JSON.parse(await readFile(join(home.folder, NOTE), 'utf8')) as {
    head: { seq: number };
  };
  await night('two');
  expect(await verify('--since-last')).toMatchObject({
    code: 0,
    since: head.seq,
    state: 'as-published',
  });
  await night('three');
  const later = await verify('--since-last');
  expect(later).toMatchObject({ code: 0, state: 'as-published' });
  expect(later.since).toBeGreaterThan(head.seq);
  expect(await verify()).toMatchObject({ code: 0, since: null, state: 'equal' });
});

test('what came since is read, what was verified before is left to a whole verification', async () => {
  await night('one');
  await verify();
  await night('two');
  await alter(-1);
  expect(await verify('--since-last')).toMatchObject({ code: 5, faults: [{ seq: 4 }] });
  await alter(-1);
  await alter(0);
  expect(await verify('--since-last')).toMatchObject({ code: 0 });
  expect(await verify()).toMatchObject({ code: 5, faults: [{}] });
});

/** The findings that the record was altered, as they stand. */
async function altered(): Promise<unknown[]> {
  return await home.query(
    "select severity, subject, state, details ->> 'what' as what from findings where detection = 'record-altered'",
  );
}

async function detect(): Promise<{ code: number | null }> {
  return await home.run(['detect', 'record-altered', '--fail-on', 'high', '--quiet']);
}

test('what was found altered is a finding until a whole verification finds nothing', async () => {
  await night('one');
  await verify();
  await night('two');
  await night('three');
  expect(await detect()).toMatchObject({ code: 0 });
  await alter(0, 'archive/tabnine');
  expect(await verify()).toMatchObject({ code: 5 });
  expect(await detect()).toMatchObject({ code: 4 });
  const what = expect.stringMatching(/^1 fault: .*\.ndjson\.gz: /);
  const found = { severity: 'critical', subject: 'archive', what };
  expect(await altered()).toEqual([{ ...found, state: 'open' }]);
  // What looks at the newest part alone takes nothing back.
  expect(await verify('--since-last')).toMatchObject({ code: 0 });
  expect(await detect()).toMatchObject({ code: 4 });
  await alter(0, 'archive/tabnine');
  expect(await verify()).toMatchObject({ code: 0 });
  expect(await detect()).toMatchObject({ code: 0 });
  expect(await altered()).toEqual([{ ...found, state: 'closed' }]);
});

test('a batch that is gone is missed wherever it was', async () => {
  await night('one');
  await verify();
  await night('two');
  const batch = (await filesBelow(home.folder)).find((file) => file.endsWith('.ndjson.gz'));
  await rm(join(home.folder, batch ?? '?'));
  expect(await verify('--since-last')).toMatchObject({ code: 5, since: 3 });
});

test('where the ledger is signed, a run vouches for no note that somebody else made', async () => {
  await sign();
  await night('one');
  expect(await verify('--since-last')).toMatchObject({ code: 0, since: null });
  await night('two');
  expect(await verify('--since-last')).toMatchObject({ code: 0, since: 3 });
  // A head with the signature of its own line is in the ledger for everybody to copy.
  const note = JSON.parse(await readFile(join(home.folder, NOTE), 'utf8')) as object;
  const forged = { ...note, full_at: '2026-06-15T13:00:00.000Z' };
  await writeFile(join(home.folder, NOTE), JSON.stringify(forged));
  await night('three');
  await alter(0);
  expect(await verify('--since-last')).toMatchObject({ code: 5, since: null });
});

test('a signed head that was verified has to be in the ledger', async () => {
  await sign();
  await night('one');
  await night('two');
  expect(await verify()).toMatchObject({ code: 0 });
  const ledger = join(home.folder, 'archive', 'ledger', '2026-06.ndjson');
  const lines = (await readFile(ledger, 'utf8')).trimEnd().split('\n');
  const cut = lines.slice(
    0,
    lines.findLastIndex((line) => line.includes('"kind":"batch"')),
  );
  await writeFile(ledger, `${cut.join('\n')}\n`);
  const batches = (await filesBelow(home.folder)).filter((file) => file.endsWith('.ndjson.gz'));
  await rm(join(home.folder, batches.toSorted().at(-1) ?? '?'));
  await rm(join(home.folder, 'warehouse'), { recursive: true });
  await rm(join(home.folder, 'warehouse.duckdb'));
  const what = expect.stringContaining('the end was cut off');
  for (const args of [[], ['--since-last']]) {
    expect(await verify(...args)).toMatchObject({ code: 5, faults: [{ what }] });
  }
  // Nor is it there once a run has gone on from what is left.
  await night('three');
  await night('four');
  expect(await verify()).toMatchObject({ code: 5 });
});

test('a note that cannot be read is none, and what is put in its way is not written to', async () => {
  await night('one');
  const elsewhere = join(home.folder, '..', 'elsewhere');
  await writeFile(elsewhere, 'mine');
  await symlink(elsewhere, join(home.folder, `${NOTE}.tmp`));
  await mkdir(join(home.folder, NOTE));
  expect(await verify()).toMatchObject({ code: 0 });
  expect(await readFile(elsewhere, 'utf8')).toBe('mine');
  await rm(join(home.folder, NOTE), { recursive: true });
  expect(await verify()).toMatchObject({ code: 0 });
  await night('two');
  expect(await verify('--since-last')).toMatchObject({ code: 0, since: 3 });
});

test.each(
  few<[string, (text: string, seq: number, sha256: string) => string]>(1, [
    [
      'that somebody wrote for all there is',
      (text: string, seq: number, sha256: string) =>
        JSON.stringify({
          ...(JSON.parse(text) as object),
          head: { ...(JSON.parse(text) as { head: object }).head, seq, sha256 },
        }),
    ],
    ['that somebody altered', (text: string) => text.replace('full_at":"2026', 'full_at":"2027')],
    ['that is none', () => 'nothing'],
  ]),
)('a note %s is not gone on from', async (_what, forge) => {
  await night('one');
  await verify();
  await night('two');
  const file = join(home.folder, NOTE);
  const ledger = (await filesBelow(home.folder)).filter((name) => /ledger\/.*ndjson$/.test(name));
  const text = await readFile(join(home.folder, ledger.at(-1) ?? '?'), 'utf8');
  const last = text.trimEnd().split('\n').at(-1) ?? '';
  const { seq } = JSON.parse(last) as { seq: number };
  await writeFile(file, forge(await readFile(file, 'utf8'), seq, hash('sha256', last)));
  await alter(0);
  expect(await verify('--since-last')).toMatchObject({ code: 5, since: null });
});
