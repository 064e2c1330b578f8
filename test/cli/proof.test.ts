/** Signed heads and the proof of one event, checked by auditlake and by the shell of the guide. */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { copyFile, readdir, readFile, realpath, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { type Home, homeFor, sandboxFor } from '../harness.ts';
import { keysIn } from '../signing-keys.ts';
import { writeInto } from '../warehouse-file.ts';

const run = promisify(execFile);

const GUIDE = readFileSync(new URL('../../docs/trust.md', import.meta.url), 'utf8');
const SCRIPT = /```bash\n([\s\S]*?)```/.exec(GUIDE)?.[1] ?? '';

async function signedHome(): Promise<{ home: Home; folder: string; pub: string; uid: string }> {
  const home = await homeFor(await sandboxFor({ events: 300, days: 5 }));
  const folder = dirname(home.folder);
  const { key, pub } = await keysIn(folder, 'signing');
  const { code, stdout } = await home.run(['sync', 'tabnine/audit-logs', '--json'], {
    AUDITLAKE_SIGNING_KEY_FILE: key,
  });
  expect(code).toBe(0);
  await writeFile(join(folder, 'heads.ndjson'), stdout);
  const [event] = await home.query<{ event_uid: string }>(
    'select event_uid from audit_events order by occurred_at limit 1 offset 100',
  );
  return { home, folder, pub, uid: event?.event_uid ?? '' };
}

test('a proof is good for auditlake and for a shell, and an altered one for neither', async () => {
  const { home, folder, pub, uid } = await signedHome();
  const trusted = { AUDITLAKE_TRUSTED_KEYS: pub };
  const file = join(folder, 'event.proof.json');
  expect((await home.run(['verify', '--event', uid, '--proof', file])).code).toBe(0);

  const elsewhere = { ...trusted, AUDITLAKE_HOME: join(folder, 'nowhere') };
  const heads = join(folder, 'heads.ndjson');
  const checked = await home.run(['verify', '--proof', file, '--head', heads, '--json'], elsewhere);
  expect(checked.code).toBe(0);
  expect(JSON.parse(checked.stdout)).toMatchObject({
    outcome: 'complete',
    faults: [],
    event_uid: uid,
  });
  const shell = (): Promise<{ stdout: string; stderr: string }> =>
    run('bash', ['-c', SCRIPT], { cwd: folder }).catch(
      (error: unknown) => error as { stdout: string; stderr: string },
    );
  expect((await shell()).stdout).toBe('Signature Verified Successfully\n');

  const proof = await readFile(file, 'utf8');
  const alterations: [RegExp, string, string][] = [
    [/\\"email\\":\\"|\\"email\\\\":/, '\\"emajl\\":\\"', 'not in the batch'],
    [/"path":\["(left|right):./, '"path":["$1:x', 'none'],
    [/\\"new_records\\":\d+/, '\\"new_records\\":1', 'changed'],
    [/\\"covers\\":\\"./, '\\"covers\\":\\"0', 'changed'],
    [/"head":\{"home":"./, '"head":{"home":"_', 'signature'],
  ];
  for (const [pattern, text] of alterations) {
    const altered = proof.replace(pattern, text);
    if (altered === proof) continue;
    await writeFile(file, altered);
    const ours = await home.run(['verify', '--proof', file], elsewhere);
    expect({ text, code: ours.code === 0 }).toEqual({ text, code: false });
    expect((await shell()).stdout, text).not.toBe('Signature Verified Successfully\n');
  }
  // No signature covers the time of the head in the file, and no hash tells two texts apart that are no Unicode.
  const unsigned: [RegExp, string][] = [
    [/("head":\{[^}]*"at":")\d{4}/, '$12001'],
    [/(\{"text":"\{)/, '$1\\ud800'],
  ];
  for (const [pattern, text] of unsigned) {
    await writeFile(file, proof.replace(pattern, text));
    const { code } = await home.run(['verify', '--proof', file], elsewhere);
    expect({ text, refused: code === 5 || code === 2 }).toEqual({ text, refused: true });
  }
});

test('a warehouse that leads to the record of another event gives no proof', async () => {
  const { home, folder, uid } = await signedHome();
  const warehouse = await realpath(join(home.folder, 'warehouse.duckdb'));
  await writeInto(
    warehouse,
    `update internal.events set seq = other.seq, n = other.n
     from (from internal.events where event_uid <> '${uid}' order by event_uid limit 1) as other
     where internal.events. event_uid = '${uid}'`,
  );
  const file = join(folder, 'other.proof.json');
  const { code, stderr } = await home.run(['verify', '--event', uid, '--proof', file]);
  expect({ code, isWritten: existsSync(file) }).toEqual({ code: 5, isWritten: false });
  expect(stderr).toContain('somebody wrote into the warehouse');
});

test('a head that was kept shows that the end was cut off', async () => {
  const { home, folder, pub } = await signedHome();
  const [segment = ''] = (
    await home.query<{ f: string }>(`select strftime(max("at"), '%Y-%m') f from ledger`)
  ).map(({ f }) => f);
  const ledger = join(home.folder, 'archive/ledger', `${segment}.ndjson`);
  const lines = (await readFile(ledger, 'utf8')).trimEnd().split('\n');
  await writeFile(ledger, `${lines.slice(0, -1).join('\n')}\n`);
  const verify = async (...args: string[]): Promise<{ code: number | null; stdout: string }> =>
    await home.run(['verify', ...args], { AUDITLAKE_TRUSTED_KEYS: pub });
  const { code, stdout } = await verify('--head', join(folder, 'heads.ndjson'));
  expect(code).toBe(5);
  expect(stdout).toContain('the end was cut off');
});

test('a run vouches only for what was written with the key', async () => {
  const { home, folder } = await signedHome();
  const withoutKey = await home.run(['sync', 'tabnine/audit-logs']);
  expect(withoutKey.code).toBe(2);
  expect(withoutKey.stderr).toContain('is signed, and no key is configured');

  const [name = ''] = await readdir(join(home.folder, 'archive/ledger'));
  const ledger = join(home.folder, 'archive/ledger', name);
  const lines = (await readFile(ledger, 'utf8')).trimEnd().split('\n');
  const stripped = lines.map((line, i) =>
    i < lines.length - 1 ? line : line.replace(/,"key":.*$/, '}'),
  );
  await writeFile(ledger, `${stripped.join('\n')}\n`);
  const key = { AUDITLAKE_SIGNING_KEY_FILE: join(folder, 'signing.pem') };
  const withKey = await home.run(['sync', 'tabnine/audit-logs'], key);
  expect(withKey.code).toBe(5);
  expect(withKey.stderr).toContain('is not signed, as those before it are');
  expect((await readFile(ledger, 'utf8')).trimEnd().split('\n')).toEqual(stripped);
});

test('with another key than the trusted one nothing is taken for signed', async () => {
  const { home, folder, pub } = await signedHome();
  expect((await home.run(['verify'], { AUDITLAKE_TRUSTED_KEYS: pub })).code).toBe(0);
  const other = await keysIn(folder, 'other');
  const { code, stdout } = await home.run(['verify'], { AUDITLAKE_TRUSTED_KEYS: other.pub });
  expect(code).toBe(5);
  expect(stdout).toContain('which is not among the trusted ones');
});

test('what was archived before there was a key is proven by a head that was kept, not by the key', async () => {
  const home = await homeFor(await sandboxFor({ events: 50, days: 2 }));
  const folder = dirname(home.folder);
  const { key, pub } = await keysIn(folder, 'signing');
  await home.sync();
  const signing = { AUDITLAKE_SIGNING_KEY_FILE: key };
  // Or somebody took all signatures away, edited what he liked and waits for the next run to sign it.
  const stopped = await home.run(['sync', 'tabnine/audit-logs'], signing);
  expect(stopped).toMatchObject({ code: 5 });
  expect(stopped.stderr).toContain('somebody took the signatures away');
  const begin = ['sync', 'tabnine/audit-logs', '--begin-signing', '--json'];
  const begun = await home.run(begin, signing);
  expect(begun.code).toBe(0);
  await home.sync(0, signing);

  const [event] = await home.query<{ uid: string }>(
    'select event_uid as uid from audit_events limit 1',
  );
  const file = join(folder, 'event.proof.json');
  const trusted = { AUDITLAKE_TRUSTED_KEYS: pub };
  const made = await home.run(['verify', '--event', event?.uid ?? '', '--proof', file], trusted);
  expect(made.code).toBe(0);
  const checked = await home.run(['verify', '--proof', file, '--json'], trusted);
  expect(checked.code).toBe(3);
  expect(JSON.parse(checked.stdout)).toMatchObject({ faults: [], vouched_by: null });
  await writeFile(join(folder, 'heads.ndjson'), begun.stdout);
  const kept = ['verify', '--proof', file, '--head', join(folder, 'heads.ndjson'), '--json'];
  const withHead = await home.run(kept, trusted);
  expect(withHead.code).toBe(0);
  expect(JSON.parse(withHead.stdout)).toMatchObject({ vouched_by: 'kept head' });
});

test('without trusted keys, the signing key is the one that is trusted', async () => {
  const { home, folder, uid } = await signedHome();
  const own = { AUDITLAKE_SIGNING_KEY_FILE: join(folder, 'signing.pem') };
  const file = join(folder, 'event.proof.json');
  const { stdout } = await home.run(['verify', '--json'], own);
  expect(JSON.parse(stdout)).toMatchObject({ signatures: { trusted: true } });
  expect((await home.run(['verify', '--event', uid, '--proof', file], own)).code).toBe(0);
  expect((await home.run(['verify', '--proof', file], own)).code).toBe(0);
  const other = await keysIn(folder, 'other');
  const swapped = { AUDITLAKE_SIGNING_KEY_FILE: other.key };
  expect((await home.run(['verify'], swapped)).code).toBe(5);
  expect((await home.run(['verify', '--proof', file], swapped)).code).toBe(5);
  // Who has neither can still see that the archive is right in itself.
  expect((await home.run(['verify'])).code).toBe(0);
});

test('a key that lies in the home vouches for nothing: whoever can write there would call it a demonstration', async () => {
  const { home, folder, uid } = await signedHome();
  const { pub: other } = await keysIn(folder, 'of-the-user');
  const proof = join(folder, 'event.proof.json');
  expect((await home.run(['verify', '--event', uid, '--proof', proof])).code).toBe(0);
  // What is there is signed by a key that the user does not know, which is put where a demonstration has its own.
  await writeFile(
    join(home.folder, 'demo.json'),
    '{"data":2,"until":"2026-01-01T00:00:00.000Z"}\n',
  );
  for (const name of ['demo-key.pem', 'demo-key.pub.pem']) {
    const own = name === 'demo-key.pem' ? 'signing.pem' : 'signing.pub.pem';
    await copyFile(join(folder, own), join(home.folder, name));
  }
  const unsigned = await home.run(['verify', '--proof', proof, '--json']);
  expect([unsigned.code, JSON.parse(unsigned.stdout)]).toEqual([
    3,
    expect.objectContaining({ vouched_by: null }),
  ]);
  const named = { AUDITLAKE_TRUSTED_KEYS: other };
  for (const args of [['verify'], ['verify', '--proof', proof], ['detect'], ['status']]) {
    const { code, stdout, stderr } = await home.run(args, named);
    expect({ args, code, stdout }).toEqual({ args, code: 2, stdout: '' });
    expect(stderr).toContain('no other vouches for anything');
  }
});
