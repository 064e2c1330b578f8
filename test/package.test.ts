/** What is published: packed, installed into an empty project, and used from there by a program. */
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sandboxFor } from './harness.ts';

const ROOT = new URL('../', import.meta.url).pathname;
const run = promisify(execFile);

/** An empty project with the package and nothing but its dependencies. */
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auditlake-test-'));
  const modules = join(folder, 'node_modules');
  await mkdir(join(modules, 'auditlake'), { recursive: true });
  // The build is there already, and nothing is downloaded.
  await run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: ROOT });
  const packed = (await readdir(folder)).find((name) => name.endsWith('.tgz')) ?? '';
  await run('tar', ['xzf', join(folder, packed), '-C', join(modules, 'auditlake'), '--strip=1']);
  for (const name of await readdir(join(ROOT, 'node_modules'))) {
    if (!name.startsWith('.')) await symlink(join(ROOT, 'node_modules', name), join(modules, name));
  }
  await writeFile(join(folder, 'package.json'), '{"type":"module","private":true}');
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function compile(...rest: string[]): Promise<void> {
  const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
  const options = ['--strict', '--module', 'nodenext', '--target', 'es2023', '--types', 'node'];
  await run(process.execPath, [compiler, ...options, ...rest], { cwd: folder });
}

test('a program reads, verifies and queries a home, and its types are checked', async () => {
  const sandbox = await sandboxFor({ events: 40, days: 2 });
  const program = `
    import { AuditlakeError, defineSink, defineVendor, type Home, main, openHome, REGISTRY } from 'auditlake';
    const home: Home = openHome({ home: 'audit', quiet: true });
    const { document, exit } = await home.sync(['tabnine/audit-logs']);
    const rows = [];
    for await (const row of home.query('select count(*)::integer as events from audit_events')) rows.push(row);
    const verified = await home.verify();
    let refused: unknown = null;
    try {
      await home.sync(['nobody/audit-logs']);
    } catch (error) {
      refused = error instanceof AuditlakeError ? [error.code, error.exit] : error;
    }
    // @ts-expect-error a home is named by its path
    const wrong = () => openHome({ home: 5 });
    const parts = [defineSink, defineVendor, main, wrong].map((part) => typeof part);
    const vendors = REGISTRY.vendors.length;
    console.log(JSON.stringify({ outcome: document.outcome, exit, rows, verified: verified.exit, refused, parts, vendors }));
  `;
  await writeFile(join(folder, 'program.mts'), program);
  await compile('program.mts');
  const { stdout } = await run(process.execPath, ['program.mjs'], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      TABNINE_BASE_URL: sandbox.url,
      TABNINE_TOKEN: sandbox.token,
      AUDITLAKE_SETTLE: '0s',
    },
  });
  const printed = JSON.parse(stdout) as { vendors: number };
  expect(printed).toMatchObject({
    outcome: 'complete',
    exit: 0,
    rows: [{ events: 40 }],
    verified: 0,
    refused: ['usage', 2],
    parts: ['function', 'function', 'function', 'function'],
  });
  expect(printed.vendors).toBeGreaterThan(1);
});

test('a vendor of one’s own, in a folder of another project, is read with the published package', async () => {
  const quill = join(folder, 'quill');
  await cp(join(ROOT, 'test/vendors/quill'), quill, { recursive: true });
  for (const file of await readdir(quill, { recursive: true })) {
    if (!file.endsWith('.ts')) continue;
    const text = await readFile(join(quill, file), 'utf8');
    const published = text.replaceAll(/'(?:\.\.\/)+src\/([^']*)\.ts'/g, "'auditlake/$1'");
    await writeFile(join(quill, file), published);
  }
  const program = `
    import { openHome, REGISTRY } from 'auditlake';
    import { startSandbox } from 'auditlake/sandbox/server';
    import { quill } from './quill/vendor.ts';
    import { QuillVendor } from './quill/sandbox/vendor.ts';
    const vendor = new QuillVendor({ events: 30, days: 2 });
    const { vendors, close } = await startSandbox({ vendors: { quill: vendor } });
    const home = openHome({
      home: 'quill-home',
      quiet: true,
      registry: { ...REGISTRY, vendors: [quill] },
      env: { QUILL_ADMIN_KEY: vendor.token, QUILL_BASE_URL: vendors.quill.url, QUILL_WORKSPACE: vendor.workspace },
    });
    const { document, exit } = await home.sync(['quill/audit-logs']);
    const rows = [];
    for await (const row of home.query('select count(*)::integer as events from audit_events')) rows.push(row);
    await close();
    console.log(JSON.stringify({ outcome: document.outcome, exit, rows }));
  `;
  await writeFile(join(folder, 'own.mts'), program);
  await compile('--rewriteRelativeImportExtensions', '--skipLibCheck', 'own.mts');
  const { stdout } = await run(process.execPath, ['own.mjs'], { cwd: folder });
  expect(JSON.parse(stdout)).toEqual({ outcome: 'complete', exit: 0, rows: [{ events: 30 }] });
});

test('the package says what it is, and has all that it names', async () => {
  const unpacked = join(folder, 'node_modules/auditlake');
  const packed = await readdir(unpacked, { recursive: true });
  const about = JSON.parse(await readFile(join(unpacked, 'package.json'), 'utf8')) as {
    bin: Record<string, string>;
    types: string;
    exports: { '.': { types: string; default: string } };
    keywords: string[];
    repository: { url: string };
  };
  const { types, default: program } = about.exports['.'];
  for (const path of [...Object.values(about.bin), about.types, types, program]) {
    expect(packed).toContain(path.replace(/^\.\//, ''));
  }
  for (const path of ['README.md', 'LICENSE', 'CHANGELOG.md', 'jobs/crontab']) {
    expect(packed).toContain(path);
  }
  for (const kind of ['questions', 'detections']) {
    const shipped = await readdir(join(ROOT, kind));
    expect(packed).toEqual(expect.arrayContaining(shipped.map((file) => `${kind}/${file}`)));
  }
  expect(packed.filter((path) => /\.map$|^(test|src|bench)\//.test(path))).toEqual([]);
  // The code of others is joined with ours in the bundle: their licenses go along.
  const licenses = await readFile(join(unpacked, 'dist/bundle/LICENSES.txt'), 'utf8');
  for (const name of ['commander', 'undici', 'zod']) {
    expect(licenses).toMatch(new RegExp(`^${name}\\n\\n.*MIT License`, 'ms'));
  }
  expect(about.keywords.length).toBeGreaterThan(5);
  expect(about.repository.url).toMatch(/^git\+https:/);
});
