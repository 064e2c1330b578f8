/** The image as far as it can be tried without an engine: what the Dockerfile says, and its command as the image runs it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { copyFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { homeFor, sandboxFor } from '../harness.ts';

const ROOT = new URL('../../', import.meta.url).pathname;

type Instruction = { stage: number; name: string; text: string };

const instructions = readInstructions(readFileSync(join(ROOT, 'Dockerfile'), 'utf8'));
const last = instructions.at(-1)?.stage ?? 0;

function readInstructions(file: string): Instruction[] {
  let stage = -1;
  return file
    .replace(/^#.*\n/gm, '')
    .replaceAll('\\\n', ' ')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, name = '', text = ''] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? [];
      if (name === 'FROM') stage += 1;
      return { stage, name, text };
    });
}

/** What the image that is shipped has of an instruction. */
function shipped(name: string): string[] {
  return instructions
    .filter((each) => each.stage === last && each.name === name)
    .map(({ text }) => text);
}

function execForm(text: string | undefined): string[] {
  return JSON.parse(text?.replace(/^.*?(?=\[)/, '') ?? '') as string[];
}

test('the image runs as no root, without a shell, and stays up by default', () => {
  expect(shipped('USER')).toEqual(['node']);
  const names = instructions.filter(({ stage }) => stage === last).map(({ name }) => name);
  expect(names.lastIndexOf('RUN')).toBeLessThan(names.indexOf('USER'));
  expect(execForm(shipped('ENTRYPOINT')[0])).toEqual(['node', '/app/dist/bin.js']);
  expect(execForm(shipped('CMD')[0])).toEqual(['schedule']);
  expect(shipped('ENV').join(' ')).toContain(`AUDITLAKE_HOME=${shipped('VOLUME')[0] ?? ''}`);
});

test('the image is built from what exists, on a named version, with no secret in it', () => {
  for (const { name, text } of instructions) {
    if (name === 'FROM') expect(text).toMatch(/^node:\d+-\S+( AS \w+)?$/);
    if (name === 'ENV' || name === 'ARG') {
      expect(text).not.toMatch(/token|secret|password|credential|_key/i);
    }
    if (name === 'ADD') throw new Error('ADD unpacks and downloads; COPY does neither');
  }
  const ignore = readFileSync(join(ROOT, '.dockerignore'), 'utf8').split('\n');
  const copied = instructions
    .filter(({ name, text }) => name === 'COPY' && !text.startsWith('--from='))
    .flatMap(({ text }) => text.split(' ').slice(0, -1));
  expect(copied).toContain('src');
  for (const source of copied) {
    expect(existsSync(join(ROOT, source)), source).toBe(true);
    expect(ignore, 'the engine does not see it').toContain(`!${source}`);
  }
  expect(shipped('COPY')).toEqual([
    ...['package.json', 'node_modules', 'dist'].map(
      (path) => `--from=build /app/${path} ${path === 'package.json' ? './' : path}`,
    ),
    'jobs jobs',
  ]);
});

test('the command of the image is alive, writes into its volume only and ends on SIGTERM', async () => {
  const sandbox = await sandboxFor({ events: 20, days: 1, users: 2, teams: 1 });
  const home = await homeFor(sandbox);
  const folder = dirname(home.folder);
  const [app, temporary] = [join(folder, 'app'), join(folder, 'tmp')];
  for (const each of [app, temporary, home.folder]) mkdirSync(each);
  await copyFile(join(ROOT, 'package.json'), join(app, 'package.json'));
  await symlink(join(ROOT, 'node_modules'), join(app, 'node_modules'));
  for (const each of ['dist', 'jobs']) {
    cpSync(join(ROOT, each), join(app, each), { recursive: true });
  }
  const before = readdirSync(app, { recursive: true });
  const configFile = join(folder, 'config.yaml');
  await writeFile(configFile, 'schedule: { listen: "127.0.0.1:0" }\nlake: false\n');

  const [, script = ''] = execForm(shipped('ENTRYPOINT')[0]);
  const command = [join(folder, script), ...execForm(shipped('CMD')[0]), '--json'];
  const child = spawn(process.execPath, command, {
    cwd: app,
    env: {
      ...home.env,
      AUDITLAKE_CONFIG: configFile,
      NODE_ENV: 'production',
      TMPDIR: temporary,
      HOME: '/nonexistent',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const job = once(createInterface({ input: child.stdout }), 'line');
  const port = await new Promise<string>((resolve) => {
    createInterface({ input: child.stderr }).on('line', (line) => {
      const found = /"listening":"http:\/\/127\.0\.0\.1:(\d+)"/.exec(line)?.[1];
      if (found !== undefined) resolve(found);
    });
  });
  expect(await healthCheck(port)).toBe(0);
  // The first sync of an empty home begins at once.
  const [line] = (await job) as [string];
  expect(JSON.parse(line)).toMatchObject({ job: 'nightly', exit: 0 });

  const askedAt = performance.now();
  child.kill('SIGTERM');
  const [code] = (await once(child, 'close')) as [number | null];
  expect(code).toBe(0);
  expect(performance.now() - askedAt).toBeLessThan(10_000);
  expect(await healthCheck(port)).toBe(1);
  expect(readdirSync(app, { recursive: true })).toEqual(before);
  expect(readdirSync(temporary)).toEqual([]);
  expect(readdirSync(home.folder)).toContain('warehouse.duckdb');
});

/** The image's own check, asking another port. */
async function healthCheck(port: string): Promise<number | null> {
  const [program, ...args] = execForm(shipped('HEALTHCHECK')[0]);
  expect(program).toBe('node');
  const { schedule } = loadConfig({ env: {}, cwd: '/nonexistent' });
  const usual = `127.0.0.1:${schedule.listen?.port ?? 0}/`;
  expect(shipped('EXPOSE')).toEqual([String(schedule.listen?.port)]);
  expect(args[1]).toContain(usual);
  const script = args.map((arg) => arg.replace(usual, `127.0.0.1:${port}/`));
  const [code] = (await once(spawn(process.execPath, script), 'close')) as [number | null];
  return code;
}
