/** Every text that names a vendor has the name from the registry. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { registry } from '../config/invented.ts';
import { runHere } from '../harness.ts';

async function run(argv: readonly string[]) {
  const cwd = await mkdtemp(join(tmpdir(), 'auditlake-registry-'));
  onTestFinished(() => rm(cwd, { recursive: true }));
  return await runHere(argv, { env: {}, cwd, registry });
}

test.each([
  ['sync', 'auditlake sync acme/events --preview'],
  ['status', 'auditlake status --coverage --from 2026-10-01 acme/events'],
  ['verify', 'auditlake verify --event acme:evt_01 --proof evt_01.proof.json'],
  ['prune', 'auditlake prune --event acme:evt_01'],
  ['backfill', '--to 2025-01-31T18:00:00Z acme/events'],
])('the examples of %s --help', async (verb, example) => {
  const { code, stdout } = await run([verb, '--help']);
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining(example) });
});

test('what to do without a source', async () => {
  const sync = await run(['sync']);
  expect(sync).toMatchObject({ code: 2, stdout: '' });
  expect(sync.stderr).toContain('set ACME_AUDIT_TOKEN (or …_TOKEN_FILE), or run');
  const check = await run(['check']);
  expect(check.code).toBe(2);
  expect(check.stdout).toContain('set ACME_AUDIT_TOKEN (or …_TOKEN_FILE), or write auditlake.yaml');
});
