/** What is published: packed, installed into an empty project, and used from there by a program. */
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
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

test('your own vendor, in a folder of another project, is read with the published package', async () => {
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

/** The fenced blocks of a guide that begin by naming a file, as files. */
async function writeBlocks(guide: string): Promise<void> {
  const text = await readFile(join(ROOT, guide), 'utf8');
  for (const [, content = '', file = ''] of text.matchAll(
    /^```\w+\n((?:\/\/|--) (\S+)\n[\s\S]*?)^```$/gm,
  )) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), content);
  }
}

test('the small vendor and the small sink of the guides, copied out of them, read and deliver', async () => {
  await writeBlocks('docs/a-vendor.md');
  await writeBlocks('docs/programs.md');
  const program = `
    import { createServer } from 'node:http';
    import { main, openHome, REGISTRY } from 'auditlake';
    import { acme } from './acme/vendor.js';
    import { inbox } from './inbox/sink.js';
    const posted: string[] = [];
    const at = new Date(Date.now() - 3_600_000).toISOString();
    const asked: (string | null)[] = [];
    const server = createServer((request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '', 'http://acme.test');
      const page = searchParams.get('page');
      if (pathname === '/inbox') {
        posted.push(String(request.headers.authorization));
        // The first time it is busy.
        response.statusCode = posted.length === 1 ? 503 : 200;
        request.on('data', (text) => posted.push(String(text))).on('end', () => response.end());
        return;
      }
      if (pathname === '/v1/audit') asked.push(searchParams.get('workspace'));
      const answers: Record<string, object> = {
        '/v1/account': { id: 'acme-1' },
        '/v1/audit': {
          events: [{ id: page ?? 'one', at, kind: 'key.made', by: { email: 'ann@acme.test' } }],
          next_page: page === null ? 'two' : null,
        },
      };
      response.setHeader('content-type', 'application/json').end(JSON.stringify(answers[pathname]));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const registry = { vendors: [acme], sinks: [...REGISTRY.sinks, inbox] };
    const { writeFileSync } = await import('node:fs');
    writeFileSync('inbox.yaml', \`sinks: { inbox: { type: acme-inbox, url: "http://127.0.0.1:\${port}/inbox", token: "inbox-0123456789" } }\`);
    const home = openHome({
      home: 'acme-home',
      configFile: 'inbox.yaml',
      quiet: true,
      registry,
      env: { ACME_TOKEN: 'acme-0123456789', ACME_WORKSPACE: 'blue', ACME_BASE_URL: \`http://127.0.0.1:\${port}\` },
    });
    const { exit, document: { sinks } } = await home.sync();
    const rows = [];
    for await (const row of home.query('select event_id, action, actor_email from audit_events order by 1')) rows.push(row);
    const { env, stdin, stderr } = process;
    const printed: string[] = [];
    const { PassThrough } = await import('node:stream');
    const stdout = new PassThrough().on('data', (text) => printed.push(String(text)));
    const ended = new AbortController();
    ended.abort();
    const served = await main({ argv: ['sandbox', '--json'], env, cwd: '.', stdin, stdout, stderr, signal: ended.signal, now: Date.now, registry });
    server.close();
    console.log(JSON.stringify({ exit, sinks, posted, rows, asked: [...new Set(asked)], served, printed: printed.join('') }));
  `;
  await writeFile(join(folder, 'small.ts'), program);
  await compile('--outDir', 'compiled', '--rootDir', '.', '--skipLibCheck', 'small.ts');
  await cp(join(folder, 'acme/events.sql'), join(folder, 'compiled/acme/events.sql'));
  const { stdout } = await run(process.execPath, ['compiled/small.js'], { cwd: folder });
  expect(JSON.parse(stdout)).toMatchObject({
    exit: 0,
    sinks: [{ sink: 'inbox', outcome: 'complete', rows: 2 }],
    posted: [
      'Bearer inbox-0123456789',
      expect.anything(),
      'Bearer inbox-0123456789',
      expect.stringMatching(/^\{.*"event_id":"one".*\}\n\{.*"event_id":"two".*\}\n$/),
    ],
    rows: [
      { event_id: 'one', action: 'key.made', actor_email: 'ann@acme.test' },
      { event_id: 'two', action: 'key.made', actor_email: 'ann@acme.test' },
    ],
    asked: ['blue'],
    served: 0,
    printed: '{"version":1,"variables":{}}\n',
  });
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
