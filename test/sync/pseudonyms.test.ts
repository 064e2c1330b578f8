import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { Sandbox } from '../sandbox/start.ts';
import { type Home, homeFor } from '../harness.ts';
import { DAY, filesBelow, select, stillSandbox } from './support.ts';
import { configure, syncOnly } from './usage-support.ts';

const PSEUDONYM_KEY = 'a-secret-of-more-than-sixteen-characters';
const USER_USAGE = '/api/v2/user/usage';
const FROM = Date.UTC(2026, 5, 8);
const TO = Date.UTC(2026, 5, 16);
const STREAMS = ['usage-user', 'usage-models-user', 'agent-usage-user', 'usage-v1-user'];

async function homeWithPseudonyms(sandbox: Sandbox): Promise<Home> {
  const home = await homeFor(sandbox);
  const modelScopes = ['user'];
  await configure(home, sandbox, { pseudonymKey: PSEUDONYM_KEY, start: '2026-06-08', modelScopes });
  return home;
}

/** All that is kept of usage, and the whole ledger. */
async function keptText(home: Home): Promise<string> {
  const files = [...(await filesBelow(join(home.folder, 'archive'))).keys()];
  const kept = files.filter((path) => /usage|\/ledger\//.test(path));
  expect(kept.length).toBeGreaterThan(1);
  const texts = await Promise.all(
    kept.map(async (path) => {
      const bytes = await readFile(path);
      return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
    }),
  );
  return texts.join('\n');
}

function idsIn(text: string, { tabnine }: Sandbox): string[] {
  return tabnine.users.flatMap(({ id, email }) => [id, email]).filter((id) => text.includes(id));
}

/** Completions per pseudonym or user, without whose they are. */
function servedSums({ tabnine }: Sandbox): number[] {
  const sums = tabnine.users.map(({ id }) => {
    const asked = { dataset: 'v2', scope: 'user', id, from: FROM, to: TO } as const;
    const [bucket] = tabnine.usage.expected({ ...asked, granularity: 'all' });
    const figures = (bucket?.['codeCompletions'] ?? {}) as { completions?: number };
    return figures.completions ?? 0;
  });
  return sums.toSorted((a, b) => a - b);
}

async function storedSums(home: Home): Promise<{ name: string; sum: number }[]> {
  const rows = await select(
    home,
    `select scope_id as name, sum(value)::int as sum from usage_metrics
     where dataset = 'usage-v2' and scope = 'user' and metric = 'code_completions.completions'
     group by 1 order by 2, 1`,
  );
  return rows.map(({ name, sum }) => ({ name: String(name), sum: Number(sum) }));
}

test('with a key for pseudonyms usage names nobody, and still adds up', async () => {
  const { sandbox, clock } = await stillSandbox({ users: 6, teams: 2 });
  const home = await homeWithPseudonyms(sandbox);
  expect(await syncOnly(home, STREAMS)).toMatchObject({ code: 0, report: { outcome: 'complete' } });
  const first = await storedSums(home);
  expect(first.map(({ sum }) => sum)).toEqual(servedSums(sandbox));
  expect(new Set(first.map(({ name }) => name)).size).toBe(6);

  // A day later the same person is still the same.
  clock.at += DAY;
  const userId = sandbox.tabnine.users[0]?.id ?? '';
  sandbox.tabnine.usage.restate({ dataset: 'v2', userId, day: '2026-06-12', factor: 5 });
  expect(await syncOnly(home, STREAMS)).toMatchObject({ code: 0 });
  expect((await storedSums(home)).map(({ name }) => name).toSorted()).toEqual(
    first.map(({ name }) => name).toSorted(),
  );

  expect(idsIn(await keptText(home), sandbox)).toEqual([]);
  const rows = await select(
    home,
    `select scope_id, scope_name from usage_metrics_history union select scope_id, scope_name from usage_metrics`,
  );
  expect(idsIn(JSON.stringify(rows), sandbox)).toEqual([]);
  expect(rows.every(({ scope_name }) => scope_name === null || scope_name === '')).toBe(true);
});

test('nor does a run that fails', async () => {
  const { sandbox } = await stillSandbox({ users: 6, teams: 2 });
  const home = await homeWithPseudonyms(sandbox);
  const { tabnine } = sandbox;
  tabnine.faults.match = (path) => path === USER_USAGE;
  // The first two are answered, those after them never are.
  tabnine.onRequest = ({ path }) => {
    if (path !== USER_USAGE) return;
    const asked = tabnine.requests.filter((request) => request.path === USER_USAGE).length;
    if (asked > 2) tabnine.faults.always = '500';
    if (asked === 5) stop();
  };
  const { stop, done } = home.begin(['sync', 'tabnine/usage-user', '--json']);
  const ran = await done;
  expect(ran.code).toBe(3);
  expect(tabnine.requests.some(({ status }) => status === 500)).toBe(true);
  expect(ran.stderr).toContain('anon-');
  expect(idsIn(ran.stderr + ran.stdout, sandbox)).toEqual([]);
  expect(idsIn(await keptText(home), sandbox)).toEqual([]);
});
