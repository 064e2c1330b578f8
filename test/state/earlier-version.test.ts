/**
 * A home that version 0.1 wrote is read, verified and continued. `test/fixtures/home-v0.1.tar.br` holds runs with and without
 * news, some unsigned and some signed, over two months, with a changed, a vanished and a pruned record, a backfill, a comparison
 * with the vendor and a delivery.
 */
import { execFileSync } from 'node:child_process';
import { createHash, createPrivateKey } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { filesBelow } from '../cli/archived.ts';
import { type Home, homeFor, sandboxFor } from '../harness.ts';
import { isLong } from '../long.ts';
import { eventAt } from '../sync/support.ts';

const HOME = new URL('../fixtures/home-v0.1.tar.br', import.meta.url);
const HOUR = 3_600_000;

/** Where the history of the fixture's vendors ends. Its runs took place up to 50 hours later. */
const UNTIL = Date.UTC(2026, 2, 30, 12);
const LAST_RUN = UNTIL + 50 * HOUR;

/** Of each vendor a log, a list and a series; the long tests go on with all that there is. */
const CONTINUED = isLong
  ? []
  : ['audit-logs', 'users', 'usage-organization']
      .map((stream) => `tabnine/${stream}`)
      .concat(['devin/audit-logs', 'devin/users', 'devin/sessions']);

/** Not a secret: it signs the fixture and nothing else. */
function signingKey(): string {
  const seed = createHash('sha256').update('the key of the home in test/fixtures').digest();
  const prefix = Buffer.from('302e020100300506032b657004220420', 'hex');
  const key = Buffer.concat([prefix, seed]);
  return createPrivateKey({ key, format: 'der', type: 'pkcs8' })
    .export({ type: 'pkcs8', format: 'pem' })
    .toString();
}

/** The vendors as they were when the fixture was written, an hour after its last run. */
async function unpacked(): Promise<{ home: Home; now: () => number }> {
  const now = (): number => LAST_RUN + HOUR;
  const sandbox = await sandboxFor({
    seed: 7,
    events: 60,
    days: 6,
    users: 3,
    teams: 1,
    frozenAt: Date.UTC(2026, 2, 27),
    until: UNTIL,
    now,
    devin: { events: 30, days: 5, users: 3, organizations: 1, sessions: 4 },
  });
  const { events } = sandbox.tabnine;
  const [vanished = '', changed = ''] = events.ids().slice(-2);
  events.remove(vanished);
  events.replace(changed, { metadata: { edited: true } });
  events.insert(eventAt(LAST_RUN - HOUR, 'april-1'));

  const home = await homeFor(sandbox, ['tabnine', 'devin']);
  const folder = dirname(home.folder);
  const archive = brotliDecompressSync(await readFile(HOME));
  execFileSync('tar', ['-xf', '-', '-C', folder], { input: archive });
  // What its runs did not read yet need not reach back far.
  home.env['AUDITLAKE_START'] = '2026-03-24';
  home.env['AUDITLAKE_SIGNING_KEY_FILE'] = join(folder, 'signing.pem');
  await writeFile(join(folder, 'signing.pem'), signingKey(), { mode: 0o600 });
  const path = join(folder, 'delivered.ndjson');
  await configureSink(home, path);
  return { home, now };
}

async function configureSink(home: Home, path: string): Promise<void> {
  await home.configure({ sinks: { file: { type: 'ndjson', path, tables: ['audit_events'] } } });
}

async function archiveOf(home: Home): Promise<Map<string, Buffer>> {
  const archive = join(home.folder, 'archive');
  const contents = new Map<string, Buffer>();
  for (const file of await filesBelow(archive)) {
    contents.set(file, await readFile(join(archive, file)));
  }
  return contents;
}

test('a home of version 0.1 is verified, continued and verified again, and no file of its archive is rewritten', async () => {
  const { home, now } = await unpacked();
  const before = await archiveOf(home);
  expect(before.size).toBeGreaterThan(70);
  const verified = await home.run(['verify', '--json'], {}, { now });
  expect({ code: verified.code, ...JSON.parse(verified.stdout) }).toMatchObject({
    // The archive is whole. The next sync makes the warehouse again, because this version builds it otherwise.
    code: 3,
    faults: [],
    pruned: 1,
    warehouse: { state: 'stale' },
  });

  const synced = await home.run(['sync', '--json', ...CONTINUED], {}, { now });
  expect({ code: synced.code, ...JSON.parse(synced.stdout) }).toMatchObject({
    code: 0,
    outcome: 'complete',
  });
  const after = await archiveOf(home);
  for (const [file, content] of before) {
    const isOpen = file === 'ledger/2026-04.ndjson';
    const kept = isOpen ? after.get(file)?.subarray(0, content.length) : after.get(file);
    expect({ file, isKept: kept?.equals(content) }).toEqual({ file, isKept: true });
  }
  const again = await home.run(['verify', '--json'], {}, { now });
  expect({ code: again.code, ...JSON.parse(again.stdout) }).toMatchObject({
    code: 0,
    faults: [],
    pruned: 1,
    warehouse: { state: 'equal' },
  });
});

test('a home of version 0.1 shows what it showed, and the comparison with the vendor under its new name', async () => {
  const { home, now } = await unpacked();
  const status = await home.run(['status', '--json'], {}, { now });
  expect(status.code).toBe(0);
  const { runs } = JSON.parse(status.stdout) as { runs: { job: string }[] };
  expect(runs.map(({ job }) => job)).toEqual(['sync', 'sync', 'sync', 'reconcile', 'backfill']);

  expect((await home.run(['rebuild'], {}, { now })).code).toBe(0);
  expect(
    await home.query('select source, count(*)::int as events from audit_events group by all'),
  ).toEqual([{ source: 'tabnine', events: 61 }]);
  expect(
    await home.query(`select kind, count(*)::int as n from anomalies group by all order by kind`),
  ).toMatchObject([{ kind: 'changed' }, { kind: 'vanished' }]);
  expect(await home.query(`select distinct job from runs order by job`)).toEqual([
    { job: 'backfill' },
    { job: 'reconcile' },
    { job: 'sync' },
  ]);
});
