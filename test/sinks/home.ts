/** A home with made-up archive and lake, as a mirror is told of it. */
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { fixedPath } from '../../src/load/lake/paths.ts';
import type { HomeFile, HomeFiles } from '../../src/sinks/port.ts';

export type TestHome = {
  folder: string;
  /** By path. */
  content: Map<string, string>;
  /** Writes a batch and its line in the ledger's open segment. */
  commit(): Promise<void>;
  /** Closes the open segment and begins the next month's. */
  nextMonth(): Promise<void>;
  /** Replaces the lake, by path below `lake/`; what it replaces stays once more under its other name. */
  lake(days: Record<string, string>): Promise<void>;
  write(path: string, text: string): Promise<void>;
  /** What is to be mirrored, after `reached`. */
  files(): HomeFiles;
  /** Where `delivered` has got to, and what it counted. */
  reached: number;
  counted: number;
};

export async function testHome(batches: number): Promise<TestHome> {
  const folder = await mkdtemp(join(tmpdir(), 'auditlake-s3-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const content = new Map<string, string>();
  const fixed: { path: string; seq: number }[] = [];
  let [seq, month, to] = [0, 1, 0];
  let manifest = false;
  let inLake: { path: string; fixed: string; sha256: string }[] = [];
  const segment = (): string => `archive/ledger/2026-${String(month).padStart(2, '0')}.ndjson`;
  const write = async (path: string, text: string): Promise<void> => {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
    content.set(path, text);
  };
  const append = async (line: string): Promise<void> => {
    seq += 1;
    await write(segment(), `${content.get(segment()) ?? ''}{"seq":${seq},${line}}\n`);
    to = seq;
  };
  const home: TestHome = {
    folder,
    content,
    reached: 0,
    counted: 0,
    write,
    async commit() {
      const path = `archive/tabnine/audit-logs/2026/0${month}/01/${String(seq + 1).padStart(12, '0')}.ndjson.gz`;
      await write(path, `batch ${seq + 1} ${'x'.repeat(seq * 37)}`);
      await append(`"kind":"batch","file":"${path}"`);
      fixed.push({ path, seq });
    },
    async nextMonth() {
      fixed.push({ path: segment(), seq });
      month += 1;
      await append('"kind":"open"');
    },
    async lake(days) {
      const named = new Map(
        inLake.map((file) => [file.fixed, content.get(`lake/${file.fixed}`) ?? '']),
      );
      for (const path of content.keys()) if (path.startsWith('lake/')) content.delete(path);
      inLake = Object.entries(days).map(([path, text]) => ({
        path,
        fixed: fixedPath(path, sha256(text)),
        sha256: sha256(text),
      }));
      for (const file of inLake) named.delete(file.fixed);
      const replaced = [...named].map(([name, text]) => ({ fixed: name, sha256: sha256(text) }));
      for (const [path, text] of named) await write(`lake/${path}`, text);
      for (const file of inLake) {
        await write(`lake/${file.fixed}`, days[file.path] ?? '');
        await write(`lake/${file.path}`, days[file.path] ?? '');
      }
      await write(
        'lake/manifest.json',
        JSON.stringify({ version: 4, seq, replaced, files: inLake }),
      );
      manifest = true;
    },
    files() {
      const of = (path: string): HomeFile => {
        const text = content.get(path) ?? '';
        return { path, bytes: Buffer.byteLength(text), sha256: sha256(text) };
      };
      return {
        home: folder,
        async *fixed(after) {
          for (const file of fixed) if (file.seq > after) yield { ...of(file.path), seq: file.seq };
        },
        changing: [
          segment(),
          ...[...content.keys()].filter((path) => /^lake\/.*parquet$/.test(path)),
        ].map(of),
        manifest: manifest ? of('lake/manifest.json') : null,
        to,
        after: home.reached,
        async acknowledged(reached, files) {
          if (reached < home.reached || reached > to) throw new Error(`delivered ${reached}`);
          home.reached = reached;
          home.counted += files;
        },
      };
    },
  };
  await append('"kind":"open"');
  for (let i = 0; i < batches; i += 1) await home.commit();
  return home;
}

export function sha256(text: string | Buffer): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The name of a day of the lake that is made from its content. */
export function fixedDay(number: number, text: string): string {
  return fixedPath(day(number), sha256(text));
}

/** A day of the lake. */
export function day(number: number): string {
  return `audit_events/src=tabnine/month=2026-01/2026-01-${String(number).padStart(2, '0')}.parquet`;
}
