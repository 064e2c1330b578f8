/**
 * Random hostile servers against whole runs. Whatever they do: an exit code says what happened, the next run goes on, every
 * record is in the archive as soon as a run says complete, and no secret is anywhere.
 */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { runDocument } from '../../src/documents/run.ts';
import { archivedRecords, filesBelow } from '../cli/archived.ts';
import { tries } from '../long.ts';
import { type Home, homeFor, IMPATIENT, type Ran } from '../harness.ts';
import { type HostileSource, hostileSources } from './model.ts';
import { type HostileServer, serveHostile } from './server.ts';
import type { Spell } from './spells.ts';

/** Of one home. They are read side by side, so that the pauses between attempts pass together. */
const SOURCES = 40;
const HOSTILE_RUNS = 2;
const SEQUENCES = tries(2_000);

/** An answer with such a status is mostly the end of a stream, and the exit code of its run is then 1, whatever the others say. */
const isMostlyFinal = (spell: Spell | null): boolean =>
  spell?.kind === 'status' && spell.status < 500 && ![401, 403, 408, 429].includes(spell.status);
const finalAnswers = ({ spells }: HostileSource): number => spells.filter(isMostlyFinal).length;

// Sorted, so that there are homes without such an answer.
const drawn = fc
  .sample(hostileSources, { numRuns: SEQUENCES, seed: 20_261_130 })
  .toSorted((one, other) => finalAnswers(one) - finalAnswers(other));
const homes = Array.from({ length: Math.ceil(SEQUENCES / SOURCES) }, (_, i) =>
  drawn.slice(i * SOURCES, (i + 1) * SOURCES),
);

// In one test, side by side: a run mostly waits between attempts.
test(`${SEQUENCES} hostile sources`, { timeout: 120_000 + SEQUENCES * 3_000 }, async () => {
  const ended = await Promise.allSettled(homes.map(outlives));
  const failures = ended.flatMap((end) => (end.status === 'rejected' ? [String(end.reason)] : []));
  expect(failures).toEqual([]);
});

async function outlives(sources: readonly HostileSource[]): Promise<void> {
  const now = Date.now();
  const servers = new Map<string, HostileServer>();
  const secret = randomBytes(LEAK / 2).toString('hex');
  for (const [i, source] of sources.entries()) {
    const token = `sandbox-token-${secret}${String(i % TOKENS).padStart(OWN, '0')}`;
    servers.set(`s${i}`, await serveHostile(source, token, now));
  }
  const home = await homeFor(null);
  await home.configure({
    timeout: '500ms',
    sources: Object.fromEntries(
      [...servers].map(([name, { url, token }]) => [
        name,
        { type: 'tabnine', baseUrl: url, token },
      ]),
    ),
  });
  const wanted = [...servers.keys()].map((name) => `${name}/audit-logs`);
  const how = { now: () => now, registry: IMPATIENT };
  const sync = () => home.run(['sync', '--json', ...wanted], {}, how);

  const rans: Ran[] = [];
  for (let i = 0; i < HOSTILE_RUNS; i++) rans.push(await judged(home, servers, await sync()));
  for (const server of servers.values()) server.reform();
  const last = await judged(home, servers, await sync());
  rans.push(last);
  const behind = streamsOf(last).filter(({ outcome }) => outcome !== 'complete');
  const about = behind.map(({ source }) => servers.get(source)?.source);
  expect(behind, JSON.stringify({ behind, about })).toEqual([]);
  rans.push(await home.run(['verify', '--json']));
  expect(rans.at(-1)).toMatchObject({ code: 0 });
  await expectNoSecret(home, servers, rans);
}

const streamsOf = ({ stdout }: Ran) => runDocument.parse(JSON.parse(stdout)).streams;

/** What the log says about a defect. */
const defectIn = ({ stderr }: Ran): string | null =>
  /^.*"level":"error".*$/m.exec(stderr)?.[0] ?? null;

/** Answers that no repeat and no permission can change. */
const FINAL = ['redirect', 'request-rejected', 'unexpected-status'];

/** The exit code is that of what happened, and what is called complete is. */
async function judged(
  home: Home,
  servers: ReadonlyMap<string, HostileServer>,
  ran: Ran,
): Promise<Ran> {
  expect(defectIn(ran)).toBe(null);
  const streams = streamsOf(ran);
  const errors = streams.flatMap(({ error }) => (error === undefined ? [] : [error]));
  expect(errors.filter(({ code }) => code === 'defect')).toEqual([]);
  const isFinal = errors.some(({ code }) => FINAL.includes(code));
  const isComplete = streams.every(({ outcome }) => outcome === 'complete');
  expect(isFinal ? [1] : isComplete ? [0] : [3, 4]).toContain(ran.code);
  const archived = new Set((await archivedOf(home)).map(String));
  for (const { source, outcome } of streams) {
    if (outcome !== 'complete') continue;
    const missing = servers.get(source)?.records.filter((record) => !archived.has(record));
    const about = JSON.stringify(servers.get(source)?.source);
    expect(missing, `${source} is called complete: ${about}`).toEqual([]);
  }
  return ran;
}

async function archivedOf(home: Home): Promise<Buffer[]> {
  const records = await archivedRecords(home.folder, 'audit-logs');
  return records.map(({ bytes }) => bytes);
}

/** So many characters of a token, anywhere, are a leak. */
const LEAK = 16;

/** So many are shared by a home's sources: every text is searched for each of them. */
const TOKENS = 2;

/** How many characters at its end are a token's own. */
const OWN = 4;

async function expectNoSecret(
  home: Home,
  servers: ReadonlyMap<string, HostileServer>,
  rans: readonly Ran[],
): Promise<void> {
  const files = await Promise.all(
    (await filesBelow(home.folder)).map(async (file): Promise<[string, string]> => {
      const bytes = await readFile(join(home.folder, file));
      return [file, (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('latin1')];
    }),
  );
  const printed = rans.flatMap(({ stdout, stderr }, i): [string, string][] => [
    [`stdout of run ${i}`, stdout],
    [`stderr of run ${i}`, stderr],
  ]);
  const [{ token = '' } = {}] = servers.values();
  // Its end differs from token to token; what is looked for is in all of them.
  const leaks = formsOf(token).flatMap((form) =>
    [...files, ...printed]
      .filter(([, text]) => text.includes(form))
      .map(([where]) => ({ form, where })),
  );
  expect(leaks, JSON.stringify(leaks)).toEqual([]);
}

function formsOf(token: string): string[] {
  const core = token.slice(-LEAK - OWN, -OWN);
  const hex = Buffer.from(core).toString('hex');
  return [
    core,
    ...[0, 1, 2].map((shift) => Buffer.from(core.slice(shift)).toString('base64').slice(0, -4)),
    hex,
    hex.replaceAll(/../g, '%$&'),
    hex.replaceAll(/../g, String.raw`\u00$&`),
  ];
}
