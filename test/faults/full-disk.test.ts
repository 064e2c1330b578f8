/** A disk that is full or only to be read: the run says so, loses nothing, and the next one completes. */
import { chmod, cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { Sandbox } from '../sandbox/start.ts';
import { startSandbox } from '../sandbox/start.ts';
import { layout } from '../../src/state/layout.ts';
import { verifyArchive } from '../../src/evidence/verify-archive.ts';
import { type Home, homeFor, sandboxFor } from '../harness.ts';
import { type ChildDisk, childDisk } from './child-disk.ts';
import { long, placesTried } from '../long.ts';
import { breakDisk, type Trouble } from './disk.ts';
import { readSteps } from './read-back.ts';
import { record } from './recorder.ts';
import { from as beginningAt, fullAt, readOnly } from './troubles.ts';
import { tabnineLog, type VendorLog } from './vendor-log.ts';

const DAY = 86_400_000;
/** One stream is enough to write all kinds of files. */
const SYNC = ['sync', 'tabnine/audit-logs', '--json'];
const clock = { at: 0 };
let sandbox: Sandbox;
let log: VendorLog;

beforeAll(async () => {
  sandbox = await startSandbox({ events: 0, users: 1, teams: 1, now: () => clock.at });
  log = tabnineLog(sandbox);
});

afterAll(() => sandbox.close());

const now = (): number => clock.at;
const sync = (home: string) => record(home, log.open(now), now);

/** A home of one run, and what the second one has to bring, in a new month. */
async function recorded(): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'auditlake-full-'));
  onTestFinished(() => rm(home, { recursive: true }));
  log.clear();
  clock.at = Date.UTC(2026, 4, 31, 12);
  for (let n = 0; n < 5; n += 1) log.put(`old-${n}`, clock.at - DAY + n, 0);
  await sync(home);
  clock.at += DAY;
  for (let n = 0; n < 5; n += 1) log.put(`new-${n}`, clock.at - DAY / 2 + n, 0);
  return home;
}

async function syncWith(
  home: string,
  trouble: Trouble,
): Promise<{ error: unknown; writes: number }> {
  const disk = breakDisk(home, trouble);
  try {
    const error: unknown = await sync(home).then(
      () => null,
      (failure: unknown) => failure,
    );
    return { error, writes: disk.writes.length };
  } finally {
    disk.restore();
  }
}

async function faultsIn(home: string): Promise<string[]> {
  const kept = { trusted: [], heads: [], onProgress: () => undefined };
  return (await verifyArchive(layout(home), kept)).archive.faults.map(({ what }) => what);
}

/** Everything below a folder, by name. */
async function contentsOf(folder: string): Promise<Record<string, string>> {
  const contents: Record<string, string> = {};
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile())
      contents[path.slice(folder.length)] = (await readFile(path)).toString('base64');
  }
  return contents;
}

describe('the archive', () => {
  test.each(['once', 'for-good'] as const)(
    'on a disk that is full %s, from each write on',
    async (lasts) => {
      const home = await recorded();
      const template = `${home}-template`;
      await cp(home, template, { recursive: true });
      onTestFinished(() => rm(template, { recursive: true }));
      const { writes } = await syncWith(home, fullAt(Number.POSITIVE_INFINITY, lasts));
      expect(writes).toBeGreaterThan(15);
      for (const place of placesTried(writes, lasts === 'once' ? 0 : 5)) {
        await rm(home, { recursive: true });
        await cp(template, home, { recursive: true });
        const { error } = await syncWith(home, fullAt(place, lasts));
        // From the last write on nothing that needs room may be left to do.
        expect({ place, error }).toEqual({
          place,
          error: expect.objectContaining({
            code: 'disk',
            exit: 1,
            message: expect.stringContaining(home) as string,
          }) as unknown,
        });
        // A full disk leaves no torn line, as a crash may.
        expect(await faultsIn(home)).not.toContainEqual(
          expect.stringContaining('middle of a line'),
        );
        expect((await sync(home)).outcome).toBe('complete');
        expect(await faultsIn(home)).toEqual([]);
        const keys = (await readSteps(home)).map(({ key }) => key);
        expect(keys.toSorted()).toEqual(
          log
            .entries()
            .map(({ key }) => key)
            .toSorted(),
        );
      }
    },
  );

  test('on a disk that is only to be read nothing is changed', async () => {
    const home = await recorded();
    const before = await contentsOf(home);
    const { error } = await syncWith(home, readOnly);
    expect(error).toMatchObject({
      code: 'disk',
      exit: 1,
      message: expect.stringContaining('EROFS') as string,
    });
    expect(await contentsOf(home)).toEqual(before);
    expect((await sync(home)).outcome).toBe('complete');
  });
});

/** A home of one run, and something for the second one. */
async function synced(): Promise<{ home: Home; vendor: Sandbox }> {
  const vendor = await sandboxFor({ events: 40, days: 2 });
  const home = await homeFor(vendor, ['tabnine'], { lake: true });
  expect(await home.run(SYNC)).toMatchObject({ code: 0 });
  const timestamp = new Date(Date.now() - 60_000).toISOString();
  vendor.tabnine.events.insert({ id: 'later', timestamp, eventType: 'x.y' });
  return { home, vendor };
}

describe('the command line', () => {
  let broken: ChildDisk;
  beforeAll(async () => {
    broken = await childDisk();
  });
  afterAll(() => broken.remove());

  test('on a disk that is full the run says so, and the next one completes', async () => {
    const { home } = await synced();
    const places = [
      'write archive/.*\\.gz\\.tmp',
      'warehouse/current\\.json\\.tmp',
      'lake/manifest\\.json\\.tmp',
    ];
    for (const from of places) {
      const disk = breakDisk(
        home.folder,
        beginningAt(new RegExp(from), (place) => fullAt(place, 'for-good')),
      );
      const { code, stdout, stderr } = await home.run(SYNC).finally(() => disk.restore());
      const { outcome } = JSON.parse(stdout) as { outcome: string };
      expect({ from, code, outcome }).toEqual({ from, code: 1, outcome: 'failed' });
      expect(stdout).toMatch(/"error":.*ENOSPC: no space left on device/);
      expect(stderr).not.toMatch(/^ +at /m);
    }
    expect(await home.run(SYNC)).toMatchObject({ code: 0 });
    expect(await home.query('select count(*) as n from audit_events')).toEqual([{ n: 41 }]);
    expect(await home.run(['verify'])).toMatchObject({ code: 0 });
  });

  test('on a disk that is only to be read a run says so and changes nothing', async () => {
    const { home } = await synced();
    const before = await contentsOf(home.folder);
    const disk = breakDisk(home.folder, readOnly);
    onTestFinished(() => disk.restore());
    const { code, stdout, stderr } = await home.run(SYNC);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'failed', error: { code: 'disk' } });
    expect(stderr).not.toMatch(/^ +at /m);
    expect(await contentsOf(home.folder)).toEqual(before);
    for (const args of READING) {
      const ran = await home.run(args);
      expect({ args, code: ran.code, stderr: ran.stderr }).toMatchObject({ args, code: 0 });
    }
  });

  // cli/homes.test.ts has permissions that the system refuses.
  long('a home that this user may only read', async ({ skip }) => {
    const { home } = await synced();
    // Root may write whatever the permissions say: then the commands run as another user.
    const isRoot = process.getuid?.() === 0;
    const env = isRoot ? broken.asNobody() : {};
    await makeReadOnly(home.folder);
    const { code: mayRun } = await home.run(['--version'], env);
    skip(mayRun !== 0, 'this checkout may not be read by another user than root');
    onTestFinished(() => makeWritable(home.folder));
    const before = await contentsOf(home.folder);
    const ran = await home.run(SYNC, env);
    expect(ran).toMatchObject({ code: 1 });
    expect(JSON.parse(ran.stdout)).toMatchObject({ outcome: 'failed' });
    expect(ran.stderr).toMatch(/writable/);
    expect(await contentsOf(home.folder)).toEqual(before);
    // It builds what it compares with in the temporary folder.
    for (const args of [...READING, ['verify']]) {
      const { code, stderr } = await home.run(args, env);
      expect({ args, code, stderr }).toMatchObject({ args, code: 0 });
    }
  });
});

const READING = [['status'], ['query', 'select count(*) from audit_events']];

async function makeReadOnly(folder: string): Promise<void> {
  await chmod(join(folder, '..'), 0o755);
  await eachBelow(folder, (path, isFolder) => chmod(path, isFolder ? 0o555 : 0o444));
}

async function makeWritable(folder: string): Promise<void> {
  await eachBelow(folder, (path, isFolder) => chmod(path, isFolder ? 0o755 : 0o644));
}

async function eachBelow(
  folder: string,
  work: (path: string, isFolder: boolean) => Promise<void>,
): Promise<void> {
  await work(folder, true);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isSymbolicLink()) continue;
    await work(join(entry.parentPath, entry.name), entry.isDirectory());
  }
}
