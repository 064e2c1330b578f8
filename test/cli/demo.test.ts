/** The demonstration: what it prints is true and can be typed, and generated data never meets real data. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { REGISTRY, type Registry } from '../../src/config/registry.ts';
import { homeFor, type Ran, runHere, sandboxFor } from '../harness.ts';
import { isLong } from '../long.ts';

const FIRST_DAY = Date.UTC(2026, 10, 1, 9, 30);
const DAY = 86_400_000;

/** What the story needs; all streams take ten times as long. */
const NEEDED = ['organization', 'users', 'permissions', 'audit-logs', 'organizations', 'roles'];
/** The story is in the last night; what is new is known after two weeks. */
const FEW_EVENTS = isLong ? {} : { events: 400, days: 20 };
const SHORT: Registry = {
  ...REGISTRY,
  vendors: REGISTRY.vendors.map(({ sandbox, ...vendor }) => ({
    ...vendor,
    streams: vendor.streams.filter(({ name }) => NEEDED.includes(name)),
    sandbox:
      sandbox &&
      (async () => {
        const make = await sandbox();
        return (options) => make({ ...options, ...FEW_EVENTS });
      }),
  })),
};

/** What is configured for real data, with the demonstration's home. */
const HOME = "it's a demo";
const REAL = { TABNINE_TOKEN: 'one-of-a-real-vendor', AUDITLAKE_HOME: HOME };

const OWN_QUESTION = `/*
title: How many events
answers: How many events there are
columns: { events: how many }
*/
select count(*) as events from audit_events`;

type Run = (args: readonly string[], day?: number, env?: Record<string, string>) => Promise<Ran>;

async function folderFor(): Promise<{ folder: string; run: Run }> {
  const folder = await mkdtemp(join(tmpdir(), 'auditlake-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const run: Run = (args, day = 0, env = {}) => {
    const now = (): number => FIRST_DAY + day * DAY;
    return runHere(args, { env, cwd: folder, now, registry: SHORT });
  };
  return { folder, run };
}

/** The commands in a text, as a shell reads them. */
function commandsIn(text: string): string[][] {
  const lines = [...text.matchAll(/^(?:\$| ) *((?:npx )?auditlake .*)$/gm)];
  return lines.map(([, line = '']) => {
    const script = `npx() { "$@"; }; auditlake() { printf '%s\\0' "$@"; }; ${line}`;
    const { stdout } = spawnSync('bash', ['-c', script], { encoding: 'utf8' });
    return stdout.split('\0').slice(0, -1);
  });
}

/** In one, since the demonstration is what takes long. */
test('every command that it prints works, in any folder, and they find the incident; on the next day it goes on', async () => {
  const { folder, run } = await folderFor();
  await writeFile(
    join(folder, 'auditlake.yaml'),
    JSON.stringify({ sinks: { siem: { type: 'ndjson', path: 'siem.ndjson' } } }),
  );
  const demo = await run(['demo', '--home', HOME], 0, { ...REAL, npm_command: 'exec' });
  expect(demo).toMatchObject({ code: 0 });
  expect(demo.stdout).toContain('  npx auditlake verify --home ');
  expect(existsSync(join(folder, 'siem.ndjson'))).toBe(false);
  const commands = commandsIn(demo.stdout);
  expect(commands.length).toBeGreaterThan(6);
  let shown = '';
  for (const args of commands) {
    expect(args.slice(-2)).toEqual(['--home', HOME]);
    const { code, stdout, stderr } = await run(args, 0, REAL);
    // On a slow machine the log says how far it is; and the few streams that are read here do not answer everything.
    const trouble = stderr
      .split('\n')
      .filter((line) => !/"level":"info"|^Not answered for/.test(line));
    expect({ args, code, trouble }).toEqual({ args, code: 0, trouble: [''] });
    expect(stdout.trim().split('\n').length, args.join(' ')).toBeGreaterThan(1);
    shown += stdout;
  }
  // An address in another of its spellings; and questions of one's own, which ask generated data too.
  const spelled = await run(
    ['ask', 'from-address', '[2001:DB8:5EED:0::66%eth0]', '--home', HOME],
    0,
    REAL,
  );
  expect(spelled.stderr).toContain('is 2001:db8:5eed::66: this is the answer for that address');
  expect(spelled.stdout).toContain('user.login');
  const before = await run(['ask', 'admins', '--at', '2026-10-02', '--home', HOME], 0, REAL);
  expect(before.stderr).toMatch(/^Known in part at most for .*tabnine: after that instant, at /m);
  await mkdir(join(folder, 'own'));
  await writeFile(join(folder, 'own', 'how-many.sql'), OWN_QUESTION);
  const own = { ...REAL, AUDITLAKE_QUESTIONS: join(folder, 'own') };
  expect(await run(['ask', 'how-many', '--home', HOME], 0, own)).toMatchObject({ code: 0 });

  // Seen the night before, from an address that nobody else has; by both vendors.
  expect(demo.stdout).toMatch(/2001:db8:5eed::66 .*2026-11-01T02:11:07/);
  for (const step of [
    'An account looks taken over',
    'Enterprise Admin',
    'sso_login_succeeded',
    'org_data_export_started',
  ]) {
    expect(shown).toContain(step);
  }
  const check = demo.stdout.split('\n').find((line) => line.includes('check.sh')) ?? '';
  const checked = spawnSync('sh', ['-c', check], { cwd: folder, encoding: 'utf8' });
  // Signed by a key that only its owner can read, and no word about what that lacks.
  expect(checked).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/^nothing was changed; \d+ events are proven\n$/),
  });
  const key = join(folder, HOME, 'demo-key.pem');
  expect((await stat(key)).mode & 0o777).toBe(0o600);
  const [, secret = 'none'] = (await readFile(key, 'utf8')).split('\n');
  expect(`${demo.stdout}${demo.stderr}${shown}`).not.toContain(secret);
  // What it suggests is about this home.
  const suggested = [...shown.matchAll(/`auditlake [^`]*`/g)].map(([text]) => text);
  expect(suggested).toContainEqual(expect.stringContaining('detect'));
  for (const text of suggested) expect(text).toContain(String.raw`--home 'it'\''s a demo'`);

  await readmeHasThem(demo.stdout);

  await itMeetsNobody(run);
  await itGoesOn(run);
});

/** Without what depends on the folder. */
function plain(line: string): string {
  return line
    .replace(/^npx /, '')
    .replace(/ --home .*/, '')
    .replace(/(check\.sh).*/, '$1')
    .replace(/ +#.*/, '');
}

/** The README names the commands that lead to the proof as the demonstration does. */
async function readmeHasThem(printed: string): Promise<void> {
  const ofReadme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
  const block = ofReadme.slice(ofReadme.indexOf('from the finding to its proof'));
  const [, commands = ''] = /```sh\n([^`]*)```/.exec(block) ?? [];
  const said = printed.slice(printed.indexOf('Find out'), printed.indexOf('Look at what'));
  const lines = said.split('\n').filter((line) => line.startsWith('  '));
  expect(commands.trim().split('\n').map(plain)).toEqual(lines.map((line) => plain(line.trim())));
}

/** Neither vendor nor receiver, whatever is configured. */
async function itMeetsNobody(run: Run): Promise<void> {
  for (const verb of [
    ['sync'],
    ['sync', '--preview'],
    ['backfill', '--from', '2026-10-01', '--to', '2026-10-02'],
    ['deliver'],
    ['check'],
    ['schedule'],
    ['verify', '--against-source'],
    ['verify', '--mirror', 'siem'],
  ]) {
    const { code, stderr } = await run(verb, 0, REAL);
    expect({ verb, code, stderr }).toEqual({
      verb,
      code: 2,
      stderr: expect.stringMatching(/was made by `auditlake demo`[^]*name another folder/),
    });
  }
  for (const verb of [['status'], ['rebuild']]) {
    expect(await run(verb, 0, REAL)).toMatchObject({ code: 0 });
  }
}

async function itGoesOn(run: Run): Promise<void> {
  expect((await run(['demo', '--home', HOME, '--json'], 1, REAL)).code).toBe(0);
  const ask = async (sql: string): Promise<unknown> =>
    JSON.parse((await run(['query', sql, '--json'], 1, REAL)).stdout);
  const events = `select source, max(revision) as revisions,
    count(*) filter (occurred_at >= '2026-11-01 09:30:00Z') > 5 as goes_on
    from audit_events group by all order by all`;
  expect(await ask(events)).toEqual(
    SHORT.vendors
      .map(({ type }) => ({ source: type, revisions: 1, goes_on: true }))
      .toSorted((one, other) => (one.source < other.source ? -1 : 1)),
  );
  expect(await ask('select kind, count(*) as n from anomalies group by all')).toEqual([]);
}

test('it refuses the home of real data, one that it cannot continue, and a configuration', async () => {
  const sandbox = await sandboxFor({ events: 5, days: 1 });
  const home = await homeFor(sandbox);
  await home.sync();
  const refused = await home.run(['demo', '--home', home.folder]);
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain('an archive that the demonstration did not make');
  const { folder, run } = await folderFor();
  const configured = await run(['demo', '--config', 'auditlake.yaml']);
  expect(configured).toMatchObject({ code: 2, stdout: '' });
  expect(existsSync(join(folder, 'auditlake-demo'))).toBe(false);
  await mkdir(join(folder, 'auditlake-demo'));
  await writeFile(join(folder, 'auditlake-demo', 'demo.json'), '{"data":0}');
  const stale = await run(['demo']);
  expect([stale.code, stale.stderr]).toEqual([2, expect.stringContaining('remove that folder')]);
});
