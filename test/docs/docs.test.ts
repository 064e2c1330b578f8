/** What the README and the guides tell users to type is typed here. */
import { spawn, spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, test } from 'vitest';
import { fileSchemaOf } from '../../src/config/file-schema.ts';
import { REGISTRY } from '../../src/config/registry.ts';
import { readConfigFile } from '../../src/config/file.ts';
import { daysAgo, type Home, homeFor, sandboxFor } from '../harness.ts';

const ROOT = new URL('../../', import.meta.url).pathname;
const BIN = join(ROOT, 'dist/bin.js');
const PAGES = ['README.md', ...guides()];

/** Lines of `sh` blocks that are not run here, and why. Each must stand in a guide. */
const NOT_RUN: [line: RegExp, why: string][] = [
  [/^npm (start|test|run docs)/, 'installs and builds'],
  [
    /^export ([A-Z_]+_(TOKEN|BASE_URL)|GITHUB_|NODE_EXTRA_CA_CERTS=)/,
    'names files and hosts that are the reader’s own',
  ],
  [
    /^(npx auditlake demo|auditlake .* --home auditlake-demo|sh evidence)/,
    'test/cli/demo.test.ts does it, and all that it suggests',
  ],
  [/^docker /, 'needs Docker'],
  [/^openssl /, 'writes a secret to a place that is the reader’s own'],
  [/^aws /, 'needs a bucket'],
  [/^tar -czf auditlake\.tgz/, 'needs the package; test/sinks/splunk/docs.test.ts does it'],
  [/^auditlake detect --close/, 'needs a finding; test/cli/detect.test.ts does it'],
  [/^auditlake verify --mirror/, 'needs a bucket; test/cli/mirror.test.ts does it'],
  [/^auditlake deliver /, 'needs a receiver; test/cli/deliver.test.ts does it'],
];

/** Guides whose `sh` blocks are scripts, with the folder of a home that they are written for. */
const SCRIPTS: Record<string, string> = {
  'docs/archive-format.md': 'archive',
  'docs/lake.md': 'lake',
};
const HAS_JQ = ['jq', 'gzip', 'sed', 'sha256sum'].every(
  (tool) => spawnSync(tool, ['--version']).status === 0,
);

type Block = { page: string; text: string };

function guides(): string[] {
  const names = readdirSync(join(ROOT, 'docs')).filter((name) => name.endsWith('.md'));
  return names.toSorted().map((name) => `docs/${name}`);
}

function blocks(language: string): Block[] {
  const fence = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm');
  return PAGES.flatMap((page) =>
    [...readFileSync(join(ROOT, page), 'utf8').matchAll(fence)].map(([, text = '']) => ({
      page,
      text,
    })),
  );
}

const isScript = ({ page }: Block): boolean => SCRIPTS[page] !== undefined;

/** The lines that are commands of auditlake, with `auditlake` and `npx auditlake` being this build. */
function commandLines(): Block[] {
  return blocks('sh')
    .filter((block) => !isScript(block))
    .flatMap(({ page, text }) =>
      text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => ({ page, text: line })),
    );
}

type Shell = (script: string, cwd?: string) => Promise<Ended>;

async function shellFor(home: Home): Promise<Shell> {
  const tools = join(dirname(home.folder), 'bin');
  await mkdir(tools);
  const command = `#!/bin/sh\nexec '${process.execPath}' '${BIN}' "$@"\n`;
  await writeFile(join(tools, 'auditlake'), command);
  await writeFile(join(tools, 'npx'), '#!/bin/sh\n[ "$1" = auditlake ] || exit 99\nexec "$@"\n');
  for (const name of ['auditlake', 'npx']) await chmod(join(tools, name), 0o755);
  const [event] = await home.query<{ uid: string }>(
    'select event_uid as uid from audit_events limit 1',
  );
  const path = `${tools}:${home.env['PATH'] ?? ''}`;
  const env = { ...home.env, PATH: path, EVENT_UID: event?.uid ?? '' };
  return (script, cwd = dirname(home.folder)) =>
    ended(spawn('bash', ['-c', script], { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] }));
}

type Ended = { code: number | null; stdout: string; stderr: string };

function ended(child: ReturnType<typeof spawn>): Promise<Ended> {
  const result: Ended = { code: null, stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (result.stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (result.stderr += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ ...result, code }));
  });
}

/** One home for all of them, since a sync is what takes long. */
test('commands, queries and programs of the guides work', { timeout: 600_000 }, async () => {
  const sandbox = await sandboxFor({ events: 120, days: 3, users: 3, teams: 1 });
  const home = await homeFor(sandbox, ['tabnine'], { lake: true });
  // The guides have everything read. Its figures per day need not be many.
  home.env['AUDITLAKE_START'] = daysAgo(3);
  await signing(home);
  // The sink that the guides speak of.
  await home.configure({ sinks: { siem: { type: 'ndjson', path: 'siem.ndjson' } } });
  await home.sync();
  const shell = await shellFor(home);
  await commandLinesWork(home, shell);
  await queriesWork(home);
  await questionsWork(home);
  await detectionsWork(home);
  await programsWork(home);
  if (HAS_JQ) await checksWork(home, shell);
});

/** A home that is signed, as the guides advise. */
async function signing(home: Home): Promise<void> {
  const folder = dirname(home.folder);
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const key = join(folder, 'signing.pem');
  const pub = join(folder, 'signing.pub.pem');
  await writeFile(key, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  await writeFile(pub, publicKey.export({ type: 'spki', format: 'pem' }));
  home.env['AUDITLAKE_SIGNING_KEY_FILE'] = key;
  home.env['AUDITLAKE_TRUSTED_KEYS'] = pub;
}

/** A line whose output goes somewhere else than to the reader's screen. */
const REDIRECTED = /[|;&]| >>? /;

/** What the shell hands to auditlake when it reads the line. */
async function argumentsIn(line: string, shell: Shell): Promise<string[]> {
  const { stdout } = await shell(
    `auditlake() { printf '%s\\0' "$@"; }
     npx() { "$@"; }
     ${line}`,
  );
  return stdout.split('\0').slice(0, -1);
}

/** Runs a line as the shell reads it: in this process, unless the shell has more to do. */
async function typed(line: string, home: Home, shell: Shell): Promise<Ended> {
  if (REDIRECTED.test(line)) return await shell(line);
  return await home.run(await argumentsIn(line, shell));
}

const bare = (line: string): string => line.replace(/^npx /, '').replace(/\s+#.*$/, '');

async function commandLinesWork(home: Home, shell: Shell): Promise<void> {
  const lines = commandLines();
  const isLeftOut = (line: string): boolean => NOT_RUN.some(([pattern]) => pattern.test(line));
  // Many are the same in several guides, but for a remark, or `npx`.
  const texts = new Map(
    lines.filter(({ text }) => !isLeftOut(text)).map(({ text }) => [bare(text), text]),
  );
  for (const text of texts.values()) {
    expect(text, 'neither a command of auditlake nor listed above').toMatch(/^(npx )?auditlake /);
    const { code, stderr: said } = await typed(text, home, shell);
    // The home has one vendor, whose log need not have everything.
    const stderr = said.replace(/^Not answered for .*\n/gm, '');
    expect({ text, code, stderr: code === 0 ? '' : stderr }).toEqual({ text, code: 0, stderr: '' });
  }
  expect(texts.size).toBeGreaterThan(2);
  const stale = NOT_RUN.filter(([pattern]) => !lines.some(({ text }) => pattern.test(text)));
  expect(stale).toEqual([]);
}

const isQuestion = ({ text }: Block): boolean => text.startsWith('/*\ntitle:');
/** Of the vendor in docs/a-vendor.md, which test/package.test.ts reads with it. */
const isMapping = ({ text }: Block): boolean => /^from records$/m.test(text);
const isDetection = ({ text }: Block): boolean =>
  isQuestion({ page: '', text }) && /^severity:/m.test(text);

/** Each as a file of one's own, which `check` has nothing against. */
async function questionsWork(home: Home): Promise<void> {
  const folder = join(dirname(home.folder), 'questions');
  const questions = blocks('sql').filter((block) => isQuestion(block) && !isDetection(block));
  await mkdir(folder);
  for (const [i, { text }] of questions.entries()) {
    await writeFile(join(folder, `own-${i}.sql`), text);
    const own = { AUDITLAKE_QUESTIONS: folder };
    const { code, stdout, stderr } = await home.run(['ask', `own-${i}`, '--json'], own);
    expect({ text, code, stderr }).toEqual({ text, code: 0, stderr: '' });
    expect(JSON.parse(stdout)).not.toEqual([]);
  }
  expect(questions).not.toEqual([]);
}

async function detectionsWork(home: Home): Promise<void> {
  const folder = join(dirname(home.folder), 'detections');
  const detections = blocks('sql').filter(isDetection);
  await mkdir(folder);
  for (const [i, { text }] of detections.entries()) {
    await writeFile(join(folder, `own-${i}.sql`), text);
    const own = { AUDITLAKE_DETECTIONS: folder };
    const { code, stderr } = await home.run(['detect', `own-${i}`, '--json', '--quiet'], own);
    expect({ text, code, stderr }).toEqual({ text, code: 0, stderr: '' });
  }
  expect(detections).not.toEqual([]);
}

async function queriesWork(home: Home): Promise<void> {
  const queries = blocks('sql').filter((block) => !isQuestion(block) && !isMapping(block));
  const overLake = queries.filter(({ page }) => page === 'docs/lake.md');
  const attached = blocks('duckdb');
  const overWarehouse = queries.filter(({ page }) => page !== 'docs/lake.md');
  for (const { page, text } of overWarehouse) {
    const { code, stderr } = await home.run(['query', text, '--quiet']);
    expect({ page, text, code, stderr }).toEqual({ page, text, code: 0, stderr: '' });
  }
  expect(overWarehouse.length).toBeGreaterThan(10);
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    for (const { text } of attached) {
      await connection.run(text.replace('auditlake-data', home.folder));
    }
    await connection.run('use memory');
    for (const { text } of overLake) {
      const sql = text.replace('auditlake-data', home.folder);
      expect((await connection.runAndReadAll(sql)).currentRowCount, text).toBeGreaterThan(0);
    }
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
  expect([overLake.length, attached.length]).not.toContain(0);
}

/** The lake, read by JavaScript, and auditlake as a library. */
async function programsWork(home: Home): Promise<void> {
  const folder = dirname(home.folder);
  const modules = join(folder, 'node_modules');
  await mkdir(modules);
  for (const name of readdirSync(join(ROOT, 'node_modules'))) {
    await symlink(join(ROOT, 'node_modules', name), join(modules, name));
  }
  await symlink(ROOT, join(modules, 'auditlake'));
  await symlink(home.folder, join(folder, 'auditlake-data'));
  const programs = blocks('js');
  for (const [i, { text }] of programs.entries()) {
    const file = join(folder, `example-${i}.mjs`);
    await writeFile(file, text);
    const { code, stdout, stderr } = await ended(
      spawn(process.execPath, [file], {
        cwd: folder,
        env: home.env,
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.trimEnd().split('\n')).toHaveLength(120);
  }
  expect(programs).toHaveLength(2);
}

/** The checks without auditlake find nothing wrong, and then what was altered. */
async function checksWork(home: Home, shell: Shell): Promise<void> {
  const [batch] = await home.query<{ file: string }>(
    `select file from ledger where stream = 'audit-logs' and new_records > 0 limit 1`,
  );
  const run = ({ page, text }: Block): Promise<Ended> =>
    // The one file of the examples becomes one of this home.
    shell(
      text.replace(/tabnine\/audit-logs\/\S+\.gz/, batch?.file ?? ''),
      join(home.folder, SCRIPTS[page] ?? ''),
    );
  const scripts = blocks('sh').filter(isScript);
  for (const script of scripts) {
    const { code, stdout, stderr } = await run(script);
    expect({ ...script, code, stderr }).toEqual({ ...script, code: 0, stderr: '' });
    if (script.text.includes("| .record'")) expect(stdout.split('\n')).toHaveLength(121);
    else expect(stdout).toBe('');
  }
  expect(scripts.length).toBeGreaterThan(5);

  await shell(
    `printf x >> "$(find archive -name '*.gz' | head -1)"
     printf x >> "$(find lake -name '*.parquet' | head -1)"`,
    home.folder,
  );
  const failing: string[] = [];
  for (const script of scripts.filter(({ text }) => text.includes('--check'))) {
    if ((await run(script)).code !== 0) failing.push(script.page);
  }
  expect(failing).toEqual(['docs/archive-format.md', 'docs/lake.md']);
}

test('every configuration is accepted', async () => {
  const home = await homeFor(null);
  const env = {
    TABNINE_EMEA_TOKEN: 'token-for-a-test',
    SPLUNK_HEC_TOKEN: 'token-for-a-test',
    VARIABLE: 'text-for-a-test',
    SLACK_WEBHOOK_URL: 'https://hooks.example.com/services/T0/B0/x',
    PAGERDUTY_KEY: 'key-for-a-test',
    SOAR_URL: 'https://soar.example.com/hook',
    SOAR_KEY: 'a-key-that-is-long-enough',
    HEARTBEAT_URL: 'https://heartbeat.example.com/ping/1',
  };
  const file = join(dirname(home.folder), 'example.yaml');
  const examples = blocks('yaml');
  for (const { page, text } of examples) {
    await writeFile(file, text);
    expect(() => readConfigFile(file, page, env, fileSchemaOf(REGISTRY)), text).not.toThrow();
  }
  expect(examples.length).toBeGreaterThan(3);
});

test('every link leads somewhere', () => {
  const broken = PAGES.flatMap((page) => {
    const text = readFileSync(join(ROOT, page), 'utf8');
    const links = [...text.matchAll(/\]\(([^)#:]+)(#[^)]*)?\)/g)].map(([, to = '']) => to);
    return links
      .filter((to) => !existsSync(join(ROOT, dirname(page), to)))
      .map((to) => `${page}: ${to}`);
  });
  expect(broken).toEqual([]);
});
