/**
 * Runs the command line against a sandbox on loopback: in this process, or as a user does in a process of its own where
 * signals, kills, locks between processes or the real stdout and stderr are the matter.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { onTestFinished } from 'vitest';
import { main } from '../src/cli.ts';
import { REGISTRY, type Registry } from '../src/config/registry.ts';
import { type RunDocument, runDocument } from '../src/documents/run.ts';
import { VENDOR_RETRY } from '../src/http/retry.ts';
import { type Context, type Invocation, openContext } from '../src/runs/context.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from './sandbox/start.ts';

export const BIN = new URL('../dist/bin.js', import.meta.url).pathname;

/** The same vendors and sinks; a failed request is repeated as often as ever, but soon. */
export const IMPATIENT: Registry = {
  ...REGISTRY,
  vendors: REGISTRY.vendors.map((vendor) => ({
    ...vendor,
    open: (account) =>
      vendor.open({ ...account, retry: { ...VENDOR_RETRY, firstPause: 1, longestPause: 20 } }),
  })),
};

/** Node reads these before any code of ours runs. */
const READ_AT_START = ['NODE_OPTIONS', 'NODE_EXTRA_CA_CERTS', 'TZ'];

export type Ran = { code: number | null; signal: string | null; stdout: string; stderr: string };

export type Home = {
  folder: string;
  env: Record<string, string>;
  /**
   * Runs a command, by the vendors' clock: in this process, unless it has to be one of its own (`process`; also where `env` has what only a new process
   * obeys), which needs a build.
   */
  run(
    args: readonly string[],
    env?: Record<string, string>,
    how?: {
      process?: boolean;
      signal?: AbortSignal;
      now?: () => number;
      registry?: Registry;
      stdin?: Readable;
      /** Standard output is a terminal of so many columns. */
      terminal?: number;
    },
  ): Promise<Ran>;
  /** What a verb hands to its work, for a test of one part of it: `verify` does several things, and each takes its time. */
  context(env?: Record<string, string>): Context;
  /** Starts a command in this process without waiting for it. `stop` does what SIGTERM does to a process. */
  begin(
    args: readonly string[],
    env?: Record<string, string>,
  ): { stop: () => void; done: Promise<Ran> };
  /** Starts a command in a process of its own without waiting for it. */
  start(
    args: readonly string[],
    env?: Record<string, string>,
  ): { child: ChildProcess; done: Promise<Ran> };
  /** Rows of a query. */
  query<T = Record<string, unknown>>(sql: string): Promise<T[]>;
  /** A sync of the home's streams whose report is parsed; fails the test unless it ends with `code`. */
  sync(
    code?: number,
    env?: Record<string, string>,
    how?: { process?: boolean; now?: () => number },
  ): Promise<Report>;
  /** Writes the configuration file, for what the environment has no variables for. */
  configure(config: object): Promise<void>;
};

export type VendorName = 'tabnine' | 'devin';

export type Report = RunDocument;

/** Takes what is to be done at the end of a test, or of all that share something. */
export type AtEnd = (work: () => Promise<unknown>) => void;

const atTestEnd: AtEnd = (work) => {
  onTestFinished(async () => {
    await work();
  });
};

/** A sandbox that is closed when the test ends. Few people make few figures, so that runs are short. */
export async function sandboxFor(
  options: SandboxOptions = {},
  atEnd: AtEnd = atTestEnd,
): Promise<Sandbox> {
  const sandbox = await startSandbox({ users: 12, teams: 3, ...options });
  atEnd(() => sandbox.close());
  return sandbox;
}

/** The variables that turn a vendor's source on. */
function sourceVariables(sandbox: Sandbox, vendor: VendorName): Record<string, string> {
  return vendor === 'tabnine'
    ? { TABNINE_BASE_URL: sandbox.url, TABNINE_TOKEN: sandbox.token }
    : { DEVIN_BASE_URL: sandbox.devinUrl, DEVIN_TOKEN: sandbox.devinToken };
}

/**
 * An empty home below the temporary folder, removed when the test ends. Without a lake, and with the audit log alone, unless the
 * test looks at more: reading all streams takes ten times as long.
 */
export async function homeFor(
  sandbox: Sandbox | null,
  vendors: readonly VendorName[] = ['tabnine'],
  {
    lake = false,
    streams = ['audit-logs'],
    atEnd = atTestEnd,
  }: { lake?: boolean; streams?: readonly string[] | 'all'; atEnd?: AtEnd } = {},
): Promise<Home> {
  const folder = await mkdtemp(join(tmpdir(), 'auditlake-test-'));
  atEnd(() => rm(folder, { recursive: true, force: true }));
  const env: Record<string, string> = {
    PATH: process.env['PATH'] ?? '',
    AUDITLAKE_HOME: join(folder, 'home'),
    AUDITLAKE_SETTLE: '0s',
    AUDITLAKE_TIMEOUT: '30s',
  };
  for (const vendor of vendors) {
    if (sandbox !== null) Object.assign(env, sourceVariables(sandbox, vendor));
  }
  const start: Home['start'] = (args, more = {}) => {
    const child = spawn(process.execPath, [BIN, ...args], {
      env: { ...env, ...more },
      cwd: folder,
    });
    const ran: Ran = { code: null, signal: null, stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (ran.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (ran.stderr += text));
    const done = new Promise<Ran>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code, signal) => resolve({ ...ran, code, signal }));
    });
    return { child, done };
  };
  const run: Home['run'] = (args, more = {}, { process: own, ...how } = {}) =>
    own === true || READ_AT_START.some((name) => name in more)
      ? start(args, more).done
      : runHere(args, {
          env: { ...env, ...more },
          cwd: folder,
          now: sandbox?.now ?? Date.now,
          ...how,
        });
  const begin: Home['begin'] = (args, more) => {
    const stop = new AbortController();
    const done = run(args, more, { signal: stop.signal });
    return { stop: () => stop.abort(), done };
  };
  const context: Home['context'] = (more = {}) =>
    openContext(
      {
        ...nobody(),
        argv: [],
        env: { ...env, ...more },
        cwd: folder,
        now: sandbox?.now ?? Date.now,
      },
      {},
    );
  const configure: Home['configure'] = (config) =>
    writeFile(join(folder, 'auditlake.yaml'), JSON.stringify(lake ? config : { lake, ...config }));
  await configure({});
  const selected =
    streams === 'all' || sandbox === null
      ? []
      : vendors.flatMap((vendor) => streams.map((stream) => `${vendor}/${stream}`));
  return {
    folder: join(folder, 'home'),
    env,
    start,
    begin,
    run,
    context,
    async query<T>(sql: string) {
      const { code, stdout, stderr } = await run(['query', sql, '--json']);
      if (code !== 0) throw new Error(`query ended with ${code}: ${stderr}`);
      return JSON.parse(stdout) as T[];
    },
    async sync(code = 0, more = {}, how = {}) {
      const ran = await run(['sync', '--json', ...selected], more, how);
      if (ran.code !== code) {
        throw new Error(`sync ended with ${ran.code}, not ${code}: ${ran.stdout}\n${ran.stderr}`);
      }
      return runDocument.parse(JSON.parse(ran.stdout));
    },
    configure,
  };
}

/** A command line in this process, with what it wrote. */
export async function runHere(
  argv: readonly string[],
  {
    terminal,
    ...given
  }: Pick<Invocation, 'env' | 'cwd'> & Partial<Invocation> & { terminal?: number },
): Promise<Ran> {
  const [stdout, stderr] = [captured(), captured()];
  if (terminal !== undefined) Object.assign(stdout.stream, { isTTY: true, columns: terminal });
  const code = await main({
    ...nobody(),
    argv,
    stdout: stdout.stream,
    stderr: stderr.stream,
    now: Date.now,
    ...given,
  });
  return { code, signal: null, stdout: stdout.text(), stderr: stderr.text() };
}

/** What an invocation has where nobody types, reads or stops it. */
function nobody(): Pick<Invocation, 'stdin' | 'stdout' | 'stderr' | 'signal'> {
  const { signal } = new AbortController();
  const [stdout, stderr] = [captured().stream, captured().stream];
  return { stdin: Readable.from([]), stdout, stderr, signal };
}

function captured(): { stream: Writable; text(): string } {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  return { stream, text: () => Buffer.concat(chunks).toString('utf8') };
}

/** The UTC day so many days ago, as a setting takes it. */
export function daysAgo(days: number): string {
  return new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
}

/** The report of one stream. */
export function streamOf(
  report: Report,
  stream: string,
  source?: string,
): Report['streams'][number] {
  const found = report.streams.find(
    (entry) => entry.stream === stream && (source === undefined || entry.source === source),
  );
  if (found === undefined) throw new Error(`the report has no ${stream}`);
  return found;
}
