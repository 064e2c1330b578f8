/** The image as far as it can be tried without an engine: what the Dockerfile says, and its command as the image runs it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { copyFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { freePort } from '../free-port.ts';
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
  expect(shipped('USER')).toEqual(['1000:1000']);
  const names = instructions.filter(({ stage }) => stage === last).map(({ name }) => name);
  expect(names.lastIndexOf('RUN')).toBeLessThan(names.indexOf('USER'));
  expect(execForm(shipped('ENTRYPOINT')[0])).toEqual(['auditlake']);
  expect(shipped('RUN').join(' ')).toContain('ln -s /app/dist/bin.js /usr/local/bin/auditlake');
  expect(execForm(shipped('CMD')[0])).toEqual(['schedule']);
  expect(shipped('ENV').join(' ')).toContain(`AUDITLAKE_HOME=${shipped('VOLUME')[0] ?? ''}`);
});

test('a change of the sources installs nothing again', () => {
  const installs = instructions.filter(({ text }) => text.startsWith('npm ci'));
  expect(installs.map(({ stage }) => stage)).toEqual([0, 1]);
  for (const install of installs) {
    const before = instructions.slice(0, instructions.indexOf(install));
    const copies = before.filter(({ stage, name }) => stage === install.stage && name === 'COPY');
    expect(copies.map(({ text }) => text)).toEqual(['package.json package-lock.json .npmrc ./']);
  }
});

test('the labels are those of the package', () => {
  const labels = Object.fromEntries(
    [
      ...shipped('LABEL')
        .join(' ')
        .matchAll(/opencontainers\.image\.(\w+)="(.*?)"/g),
    ].map(([, name = '', value = '']) => [name, value]),
  );
  const { name, version, license, homepage, description } = JSON.parse(
    readFileSync(join(ROOT, 'package.json'), 'utf8'),
  ) as Record<string, string>;
  expect(labels).toMatchObject({ title: name, version, licenses: license });
  expect(description).toMatch(new RegExp(`^${labels['description']}`));
  expect(homepage?.startsWith(labels['source'] ?? '-')).toBe(true);
});

test('the port is the one that is listened on by default', () => {
  const { schedule } = loadConfig({ env: {}, cwd: '/nonexistent' });
  expect(shipped('EXPOSE')).toEqual([String(schedule.listen?.port)]);
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
    '--from=dependencies /app/node_modules node_modules',
    'package.json ./',
    'jobs jobs',
    'questions questions',
    'detections detections',
    '--from=build /app/dist dist',
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
  for (const each of ['dist', 'jobs', 'questions', 'detections']) {
    cpSync(join(ROOT, each), join(app, each), { recursive: true });
  }
  const before = readdirSync(app, { recursive: true });
  const configFile = join(folder, 'config.yaml');
  const port = await freePort();
  await writeFile(configFile, `schedule: { listen: "127.0.0.1:${port}" }\nlake: false\n`);

  const env = {
    ...home.env,
    AUDITLAKE_CONFIG: configFile,
    NODE_ENV: 'production',
    TMPDIR: temporary,
    HOME: '/nonexistent',
  };
  const name = join(folder, 'auditlake');
  await symlink(join(app, 'dist/bin.js'), name);
  const child = spawn(name, [...execForm(shipped('CMD')[0]), '--json'], {
    cwd: app,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const job = once(createInterface({ input: child.stdout }), 'line');
  await new Promise<void>((resolve) => {
    createInterface({ input: child.stderr }).on('line', (line) => {
      if (line.includes(`"listening":"http://127.0.0.1:${port}"`)) resolve();
    });
  });
  expect(await healthCheck(folder, 'schedule', env)).toBe(0);
  // The first sync of an empty home begins at once.
  const [line] = (await job) as [string];
  expect(JSON.parse(line)).toMatchObject({ job: 'nightly', exit: 0 });

  const askedAt = performance.now();
  child.kill('SIGTERM');
  const [code] = (await once(child, 'close')) as [number | null];
  expect(code).toBe(0);
  expect(performance.now() - askedAt).toBeLessThan(10_000);
  expect(await healthCheck(folder, 'schedule', env)).toBe(1);
  // A container that was started for one verb listens nowhere, and is healthy.
  expect(await healthCheck(folder, 'sync', env)).toBe(0);
  expect(readdirSync(app, { recursive: true })).toEqual(before);
  expect(readdirSync(temporary)).toEqual([]);
  expect(readdirSync(home.folder)).toContain('warehouse.duckdb');
});

/** The image's own check, as it runs in a container whose command is `verb`. */
async function healthCheck(
  folder: string,
  verb: string,
  env: Record<string, string>,
): Promise<number | null> {
  const [program = '', script = '', commandLine = ''] = execForm(shipped('HEALTHCHECK')[0]);
  expect([program, commandLine]).toEqual(['node', '/proc/1/cmdline']);
  const file = join(folder, 'cmdline');
  await writeFile(file, ['node', '/usr/local/bin/auditlake', verb, '--json', ''].join('\0'));
  const child = spawn(process.execPath, [join(folder, script), file], { env, stdio: 'inherit' });
  const [code] = (await once(child, 'close')) as [number | null];
  return code;
}
