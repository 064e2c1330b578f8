/** No token and no signature of any vendor is in a file, a log or on a screen, at the loudest level. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { REGISTRY } from '../../src/config/registry.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { DAY } from '../../src/platform/time.ts';
import { runHere } from '../harness.ts';
import { filesBelow } from './archived.ts';

const NOW = Date.UTC(2026, 10, 1, 9, 30);

/** What has most to do with secrets: the first request, a list, reports behind signed links. */
const STREAMS = [
  'organization',
  'users',
  'members',
  'audit-logs',
  'api-keys',
  'secrets',
  'copilot-usage',
  'daily-usage',
];

/** As it is, as a header or an address may have it, and as Basic has it. */
function formsOf(token: string): string[] {
  const basic = Buffer.from(`${token}:`).toString('base64');
  return [
    token,
    encodeURIComponent(token),
    basic.slice(0, -4),
    Buffer.from(token).toString('base64url').slice(0, -4),
  ];
}

test('a night of all vendors with faults', { timeout: 300_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'auditlake-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const options = { seed: 7, events: 60, days: 3, users: 4, until: NOW, now: () => NOW };
  const made = await Promise.all(
    REGISTRY.vendors.flatMap(({ type, sandbox }) =>
      sandbox === null ? [] : [sandbox().then((make) => [type, make(options)] as const)],
    ),
  );
  const sandbox = await startSandbox({ vendors: Object.fromEntries(made) });
  onTestFinished(() => sandbox.close());
  const env: Record<string, string> = {
    AUDITLAKE_HOME: join(folder, 'home'),
    AUDITLAKE_LOG_LEVEL: 'trace',
    AUDITLAKE_START: new Date(NOW - 3 * DAY).toISOString(),
  };
  const tokens: string[] = [];
  for (const { type, variables } of REGISTRY.vendors) {
    const { url = '', token = '', vendor } = sandbox.vendors[type] ?? {};
    Object.assign(env, { [variables.baseUrl]: url, [variables.token]: token }, vendor?.variables);
    tokens.push(token);
    vendor?.faults.next.push('500', 'cut', 'html-200');
  }
  expect(new Set(tokens).size).toBe(REGISTRY.vendors.length);
  const chosen = REGISTRY.vendors.flatMap(({ type, streams }) =>
    streams.flatMap(({ name }) => (STREAMS.includes(name) ? [`${type}/${name}`] : [])),
  );
  const run = (...args: string[]) => runHere(args, { env, cwd: folder, now: () => NOW });
  const rans = [
    await run('sync', '--verbose', ...chosen),
    await run('sync', '--json', ...chosen),
    await run('check'),
    await run('status', '--json'),
  ];
  expect(rans.slice(0, 2).map(({ code }) => code)).toEqual([0, 0]);
  expect(rans[0]?.stderr).toContain('status 500');
  const written = [
    ...rans.flatMap(({ stdout, stderr }) => [Buffer.from(stdout), Buffer.from(stderr)]),
    ...(await Promise.all(
      (await filesBelow(env['AUDITLAKE_HOME'] ?? '')).map(async (file) => {
        const bytes = await readFile(join(env['AUDITLAKE_HOME'] ?? '', file));
        return file.endsWith('.gz') ? gunzipSync(bytes) : bytes;
      }),
    )),
  ];
  // Reports behind signed links were read.
  expect(written.some((bytes) => bytes.includes('report-files'))).toBe(true);
  for (const bytes of written) {
    for (const form of tokens.flatMap(formsOf)) expect(bytes.includes(form)).toBe(false);
    // What the links of reports are signed with.
    expect(/sig[0-9a-z]{4,}xQ/.test(bytes.toString('latin1'))).toBe(false);
  }
});
