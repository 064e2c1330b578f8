/** A pack of evidence is good for the checker of the browser and for a shell, and an altered one for neither. */
import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { cp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { reportDocument } from '../../src/documents/report.ts';
import { homeFor, sandboxFor } from '../harness.ts';

type Checked = { faults: string[]; remarks: string[]; events: { uid: string }[] };
type Checker = {
  checkPack: (
    files: readonly { name: string; bytes: Uint8Array }[],
    trusted: string,
  ) => Promise<Checked>;
};

const CHECKER = new URL('../../src/report/pack/checker.js', import.meta.url).href;

/** What the page in the pack does, here. */
async function inBrowser(folder: string, trusted: string): Promise<Checked> {
  const { checkPack } = (await import(CHECKER)) as Checker;
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return await checkPack(
    await Promise.all(
      files.map(async (file) => ({
        name: file.slice(folder.length + 1),
        bytes: new Uint8Array(await readFile(file)),
      })),
    ),
    trusted,
  );
}

async function inShell(
  folder: string,
  ...key: string[]
): Promise<{ code: number; stdout: string }> {
  return await promisify(execFile)('sh', [join(folder, 'check.sh'), ...key]).then(
    ({ stdout }) => ({ code: 0, stdout }),
    ({ code, stdout }: { code: number; stdout: string }) => ({ code, stdout }),
  );
}

test('a pack proves every event that the report names, to a browser and to a shell', async () => {
  const home = await homeFor(await sandboxFor({ events: 60, days: 4, users: 3, teams: 1 }));
  const folder = dirname(home.folder);
  const keys = await keysIn(folder, 'ours');
  const others = await keysIn(folder, 'others');
  home.env['AUDITLAKE_SIGNING_KEY_FILE'] = keys.file;
  await home.sync();

  const made = await home.run(['report', '--evidence', 'pack', '--json']);
  expect({ code: made.code, stderr: made.code === 0 ? '' : made.stderr }).toEqual({
    code: 0,
    stderr: '',
  });
  const document = reportDocument.parse(JSON.parse(made.stdout));
  expect(document.cited).toBeGreaterThan(0);
  expect(document.evidence).toMatchObject({ key: keys.hex });
  const pack = join(folder, 'pack');

  const checked = await inBrowser(pack, keys.hex);
  expect(checked).toMatchObject({ faults: [], remarks: [] });
  expect(checked.events).toHaveLength(document.cited);
  const page = await readFile(join(pack, 'report.html'), 'utf8');
  for (const { uid } of checked.events) expect(page).toContain(uid);

  const shell = await inShell(pack, keys.pub);
  expect(shell).toEqual({
    code: 0,
    stdout: `nothing was changed; ${document.cited === 1 ? '1 event is' : `${document.cited} events are`} proven\n`,
  });
  // Without a key, it says what that is worth.
  expect((await inShell(pack)).stdout).toContain('whoever made this folder chose its keys');
  expect((await inBrowser(pack, '')).remarks).toHaveLength(1);
  expect((await inBrowser(pack, others.hex)).faults).not.toEqual([]);
  expect((await inShell(pack, others.pub)).code).toBe(1);

  await alteredIsFound(pack, keys);
  expect((await home.run(['report', '--evidence', 'pack'])).code).toBe(2);
});

type Keys = { file: string; pub: string; hex: string };

async function keysIn(folder: string, name: string): Promise<Keys> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const [file, pub] = [join(folder, `${name}.pem`), join(folder, `${name}.pub.pem`)];
  await writeFile(file, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  await writeFile(pub, publicKey.export({ type: 'spki', format: 'pem' }));
  const { x = '' } = publicKey.export({ format: 'jwk' });
  return { file, pub, hex: Buffer.from(x, 'base64url').toString('hex') };
}

function alter(name: string, from: RegExp, to: string): (folder: string) => Promise<void> {
  return async (folder) => {
    const text = await readFile(join(folder, name), 'utf8');
    expect(text).toMatch(from);
    await writeFile(join(folder, name), text.replace(from, to));
  };
}

/** Whatever is done to it; also where the manifest is made to fit, which takes no key. */
async function alteredIsFound(pack: string, { hex, pub }: Keys): Promise<void> {
  const [proof = ''] = await readdir(join(pack, 'proofs'));
  const alterations: Record<string, (folder: string) => Promise<void>> = {
    'the report': alter('report.html', /Verdict/, 'verdict'),
    'a record': alter(`proofs/${proof}`, /^(record .*)timestamp/m, '$1timestomp'),
    'every record': alter(`proofs/${proof}`, /^(record .*)timestamp/gm, '$1timestomp'),
    'a page': alter(`proofs/${proof}`, /^(page .*)"status":200/m, '$1"status":201'),
    'a page that is called a record': alter(
      `proofs/${proof}`,
      /^page (.*)\n(path .*)$/m,
      'page $1\n$2\nrecord $1\n$2',
    ),
    'the ledger': alter(`proofs/${proof}`, /^(ledger .*)"pages":/m, '$1"pagez":'),
    'a signature': alter(`proofs/${proof}`, /"signature":"[0-9a-f]{4}/, '"signature":"0000'),
    'the home': alter(`proofs/${proof}`, /^home .*$/m, 'home another'),
    'a removed file': (folder) => rm(join(folder, 'proofs', proof)),
    'a renamed file': (folder) => rename(join(folder, 'README.txt'), join(folder, 'README')),
    'a file more': (folder) => writeFile(join(folder, 'report-2.html'), 'another verdict'),
    'the manifest': alter('manifest.txt', /^# key/m, '# Key'),
  };
  for (const [what, change] of Object.entries(alterations)) {
    const folder = `${pack}-altered`;
    await cp(pack, folder, { recursive: true });
    await change(folder);
    expect({ what, faults: (await inBrowser(folder, hex)).faults }).not.toEqual({
      what,
      faults: [],
    });
    if (/record|page|ledger|signature|home/.test(what)) {
      await refit(folder);
      const { faults } = await inBrowser(folder, hex);
      expect({ what, faults }).toEqual({ what, faults: expect.arrayContaining([IN_PROOF]) });
    }
    const shell = await inShell(folder, pub);
    expect({ what, ...shell }).toMatchObject({
      what,
      code: 1,
      stdout: expect.stringContaining('FAULT'),
    });
    // A fault that many records have is one line.
    const lines = shell.stdout.split('\n').filter((line) => line.startsWith('FAULT'));
    expect({ what, lines }).toEqual({ what, lines: [...new Set(lines)] });
    await rm(folder, { recursive: true });
  }
}

const IN_PROOF: unknown = expect.stringMatching(/^proofs\//);

/** Makes the manifest fit what is there, as whoever altered it would. */
async function refit(folder: string): Promise<void> {
  const script = `grep '^#' manifest.txt > m; sed -n 's/^[0-9a-f]\\{64\\}  //p' manifest.txt | while read -r f; do [ -e "$f" ] && sha256sum "$f"; done >> m; mv m manifest.txt`;
  await promisify(execFile)('sh', ['-c', script], { cwd: folder }).catch(() => undefined);
}

test('an unsigned archive gives a pack that says so', async () => {
  const home = await homeFor(await sandboxFor({ events: 60, days: 2, users: 3, teams: 1 }));
  await home.sync();
  const { code, stdout } = await home.run(['report', '--evidence', 'pack']);
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('NOT SIGNED') });
  const pack = join(dirname(home.folder), 'pack');
  const { faults, remarks } = await inBrowser(pack, '');
  const says = 'no key has signed any of it, and anybody can make such a folder';
  expect({ faults, remarks }).toEqual({ faults: [], remarks: [expect.stringContaining(says)] });
  expect((await inBrowser(pack, '0'.repeat(64))).faults).not.toEqual([]);
  // It speaks of no key, since there is none.
  const shell = await inShell(pack);
  expect(shell).toMatchObject({ code: 0, stdout: expect.stringContaining(says) });
  expect(shell.stdout).not.toContain('keys/');
  const readme = await readFile(join(pack, 'README.txt'), 'utf8');
  expect(readme).toContain('No key has signed any of it');
  expect(readme).not.toMatch(/keys\/|KEY\.pem|public key/);
  await writeFile(join(pack, 'report.html'), 'another');
  expect((await inShell(pack)).stdout).toMatch(/^1 fault: this folder/m);
});
