/** `verify` tells what was done to a home from what merely befell it: 5 for every tampered one, never for an interrupted one. */
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { writeManifest, readManifest } from '../../src/load/lake/manifest.ts';
import { fixedPath } from '../../src/load/lake/paths.ts';
import { sha256OfFile } from '../../src/platform/durable.ts';
import { fraction } from '../../src/sandbox/random.ts';
import { filesBelow } from '../cli/archived.ts';
import { type Home, homeFor, sandboxFor } from '../harness.ts';
import { eventAt } from '../sync/support.ts';
import { forgeManifest } from '../load/forged-note.ts';
import { isLong, long, tries } from '../long.ts';
import { breakDisk } from './disk.ts';
import { crashAt, fullAt, type Moment } from './troubles.ts';

// Each is a whole `verify`.
const TAMPERED = 1_000;
const INTERRUPTED = tries(200, 100);

/** So that there is a generation before the published one. */
const RUNS = isLong ? 3 : 2;

const SYNC = ['sync', 'tabnine/audit-logs', '--quiet'];

type World = { home: Home; news: () => void };

async function world(runs = RUNS): Promise<World> {
  const sandbox = await sandboxFor({ events: 12, days: 3 });
  const home = await homeFor(sandbox, ['tabnine'], { lake: true });
  let n = 0;
  const news = (): void => {
    n += 1;
    sandbox.tabnine.events.insert(eventAt(Date.now() - n * 60_000, `news-${n}`));
  };
  for (let run = 0; run < runs; run += 1) {
    news();
    expect(await home.run(SYNC)).toMatchObject({ code: 0 });
  }
  return { home, news };
}

async function copyOf({ folder }: Home, name: string): Promise<string> {
  const copy = join(folder, '..', name);
  await rm(copy, { recursive: true, force: true });
  await cp(folder, copy, { recursive: true, verbatimSymlinks: true });
  return copy;
}

const verify = async (
  home: Home,
  folder: string,
): Promise<{ code: number | null; out: string }> => {
  const { code, stdout, stderr } = await home.run(['verify', '--home', folder]);
  return { code, out: `${stdout}${stderr}` };
};

/** What is evidence, or says what is. The generation before the published one and the lock say nothing. */
async function evidence(folder: string): Promise<string[]> {
  const current = JSON.parse(await readFile(join(folder, 'warehouse/current.json'), 'utf8')) as {
    file: string;
  };
  const files = await filesBelow(folder);
  return files
    .filter(
      (file) =>
        file.startsWith('archive/') ||
        file.startsWith('lake/') ||
        file === 'warehouse/current.json' ||
        basename(file) === current.file,
    )
    .toSorted();
}

/** A number below `below`, the same for the same try. */
const pick = (seed: number, turn: number, below: number): number =>
  Math.floor(fraction(seed, turn) * below);

/** Something that somebody does to a file who does not care what it is; null where it would change nothing. */
async function tamper(folder: string, turn: number): Promise<string | null> {
  const files = await evidence(folder);
  const file = files[pick(1, turn, files.length)] ?? '';
  const path = join(folder, file);
  const bytes = await readFile(path);
  const at = pick(2, turn, bytes.length);
  const how = turn % 5;
  if (how === 0) {
    bytes[at] = (bytes[at] ?? 0) ^ (1 << pick(3, turn, 8));
    await writeFile(path, bytes);
  } else if (how === 1) await rm(path);
  else if (how === 2) await writeFile(path, Buffer.concat([bytes, Buffer.from('x\n')]));
  else if (how === 3) {
    // A torn last line may be one that was never whole.
    if (file.includes('ledger/')) return null;
    await writeFile(path, bytes.subarray(0, at));
  } else {
    const other = await readFile(join(folder, files[pick(4, turn, files.length)] ?? ''));
    if (other.equals(bytes)) return null;
    await writeFile(path, other);
  }
  // Who alters the lake knows that the manifest has its hashes.
  if (file.endsWith('.parquet') && turn % 2 === 0 && how !== 1) await fit(folder, file);
  return `${['flipped a bit of', 'removed', 'appended to', 'cut', 'exchanged'][how]} ${file}`;
}

async function fit(folder: string, file: string): Promise<void> {
  const lake = join(folder, 'lake');
  const manifest = await readManifest(lake);
  const entry = manifest?.files.find(({ path, fixed }) =>
    [path, fixed].includes(file.slice('lake/'.length)),
  );
  if (manifest === null || entry === undefined) return;
  const content = await readFile(join(folder, file));
  entry.sha256 = await sha256OfFile(join(folder, file));
  entry.bytes = content.length;
  await rm(join(lake, entry.fixed));
  entry.fixed = fixedPath(entry.path, entry.sha256);
  for (const path of [entry.fixed, entry.path]) await writeFile(join(lake, path), content);
  await writeManifest(lake, manifest);
}

test('whoever says that another version made the lake gets no "complete" for it', async () => {
  const { home } = await world(1);
  const lake = join(home.folder, 'lake');
  const codes: unknown[] = [];
  for (const name of ['transform_version', 'engine']) {
    const before = new RegExp(`"${name}":"[^"]+"`);
    await forgeManifest(lake, (text) => text.replace(before, `"${name}":"x"`));
    codes.push((await verify(home, home.folder)).code);
  }
  expect(codes).toEqual([3, 3]);
});

// state/verify.test.ts and tampering.test.ts have one of each kind.
long(
  `each of ${TAMPERED} tampered homes ends with 5`,
  { timeout: 60_000 + TAMPERED * 4_000 },
  async () => {
    const { home } = await world();
    expect((await verify(home, home.folder)).code).toBe(0);
    const unnoticed: object[] = [];
    let done = 0;
    for (let turn = 0; done < TAMPERED; turn += 1) {
      const copy = await copyOf(home, 'tampered');
      const what = await tamper(copy, turn);
      if (what === null) continue;
      done += 1;
      const { code, out } = await verify(home, copy);
      if (code !== 5) unnoticed.push({ turn, what, code, out });
    }
    expect(unnoticed).toEqual([]);
  },
);

test(
  `none of ${INTERRUPTED} interrupted homes ends with 5, and the next run mends it`,
  { timeout: 60_000 + INTERRUPTED * 12_000 },
  async () => {
    const { home, news } = await world();
    news();
    const places = await interrupted(
      home,
      await copyOf(home, 'whole'),
      Number.POSITIVE_INFINITY,
      0,
    );
    expect(places).toBeGreaterThan(30);
    const seen = new Map<number | null, number>();
    for (let turn = 0; turn < INTERRUPTED; turn += 1) {
      const copy = await copyOf(home, 'interrupted');
      const place = Math.floor(((turn + fraction(7, turn)) * places) / INTERRUPTED);
      await interrupted(home, copy, place, turn);
      const { code, out } = await verify(home, copy);
      seen.set(code, (seen.get(code) ?? 0) + 1);
      expect({ turn, place, code, out: code === 0 || code === 3 ? '' : out }).toMatchObject({
        out: '',
      });
      expect(await home.run([...SYNC, '--home', copy])).toMatchObject({ code: 0 });
      const mended = await verify(home, copy);
      expect({ turn, place, ...mended }).toMatchObject({ code: 0 });
    }
    // Where nothing had been written yet, there is nothing to mend.
    expect([...seen.keys()]).toContain(3);
  },
);

/** A run that dies, or whose disk is full, at one of its writes. @returns how many writes it came to */
async function interrupted(
  home: Home,
  folder: string,
  place: number,
  turn: number,
): Promise<number> {
  const moment = (['before', 'half', 'after'] as Moment[])[turn % 3] ?? 'before';
  const disk = breakDisk(
    folder,
    turn % 4 === 3 ? fullAt(place, 'for-good') : crashAt(place, moment),
  );
  try {
    await home.run([...SYNC, '--home', folder]);
  } finally {
    disk.restore();
  }
  return disk.writes.length;
}
