import { hash } from 'node:crypto';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';
import { type JsonValue, jsonValue } from '../../src/load/query/json-values.ts';
import {
  beginGeneration,
  type Generation,
  type LoadOptions,
  type Published,
  publishedGeneration,
} from '../../src/load/warehouse/begin.ts';
import { type BatchRef, NO_COUNTRIES, NOBODY_STATED, type StreamKind } from '../../src/model.ts';
import { transformOf } from '../../src/transform/transform.ts';
import { VENDORS } from '../../src/vendors/index.ts';
import { readFrom } from '../warehouse-file.ts';

export type Item =
  | { key: string; time?: string | null; record: unknown; altered?: boolean }
  | { absent: string; at: string }
  | { finding: string; at: string; what: string };

export type Row = Record<string, JsonValue>;

export const AT = '2026-03-01T00:00:00.000Z';

const TRANSFORM = transformOf(VENDORS);

export const TABNINE = { source: 'acme', vendor: 'tabnine' };
export const OWN = { source: 'auditlake', vendor: 'auditlake' };
export const DEVIN = { source: 'agents', vendor: 'devin' };

/** A home with batch files as the archive would write them. A record that is a string is taken as it is. */
export class TestArchive {
  readonly batches: BatchRef[] = [];
  readonly home: string;
  /** Whose batches are added. */
  account = TABNINE;
  countries = NO_COUNTRIES;

  constructor(home: string) {
    this.home = home;
  }

  /** For one test, which removes it when it ends. */
  static async make(): Promise<TestArchive> {
    const archive = await TestArchive.open();
    onTestFinished(() => rm(archive.home, { recursive: true, force: true }));
    return archive;
  }

  /** For a whole file, which removes the home itself. */
  static async open(): Promise<TestArchive> {
    return new TestArchive(await mkdtemp(join(tmpdir(), "auditlake's [home] ")));
  }

  get options(): LoadOptions {
    return {
      home: this.home,
      transform: TRANSFORM,
      people: NOBODY_STATED,
      countries: this.countries,
      onMessage: () => undefined,
    };
  }

  get seq(): number {
    return this.batches.length;
  }

  async add(
    stream: string,
    items: Item[],
    page: { at?: string; context?: Record<string, string> } = {},
  ): Promise<void> {
    const seq = this.batches.length + 1;
    const kind = kindOf(stream);
    const from = { ...this.account, stream };
    const lines = [
      { kind: 'batch', format: 1, seq, ...from, stream_kind: kind, organization_id: 'org-1' },
      { kind: 'page', page: 1, at: page.at ?? AT, status: 200, context: page.context },
      ...items.map(lineOf),
    ].map((line, n) => JSON.stringify({ n, ...line }));
    const folder = join(this.home, 'archive');
    await mkdir(folder, { recursive: true });
    const file = join(folder, `${seq}.ndjson.gz`);
    const text = `${lines.join('\n')}\n`;
    const bytes = gzipSync(text);
    await writeFile(file, bytes);
    this.batches.push({
      ...from,
      seq,
      kind,
      organizationId: 'org-1',
      file,
      sha256: hash('sha256', bytes),
      longestLine: Math.max(...lines.map((line) => Buffer.byteLength(line))),
      size: text.length,
      records: lines.filter((line) => line.includes('"kind":"record"')).length,
    });
  }

  /** Takes all that another one has, into a home that has nothing yet. */
  async take(other: TestArchive): Promise<void> {
    await cp(other.home, this.home, { recursive: true, verbatimSymlinks: true });
    for (const batch of other.batches) {
      this.batches.push({ ...batch, file: batch.file.replace(other.home, this.home) });
    }
  }

  /** Starts the next generation, as a run does. */
  async begin({ fresh }: { fresh: boolean }): Promise<Generation> {
    const published = await publishedGeneration(this.home);
    return await beginGeneration(this.options, { fresh, published });
  }

  /** What is published, if it has every batch; else everything is loaded. */
  async current(): Promise<Published> {
    const published = await publishedGeneration(this.home);
    return published?.seq === this.seq ? published : await this.load();
  }

  /** Applies everything in one go, or batch by batch, and publishes. */
  async load(how: { fresh?: boolean; singly?: boolean } = {}): Promise<Published> {
    const generation = await this.begin({ fresh: how.fresh ?? false });
    try {
      const portions = how.singly ? this.batches.map((batch) => [batch]) : [this.batches];
      for (const portion of portions) await generation.apply(portion);
      return await generation.publish({ files: [], seq: this.seq });
    } finally {
      await generation.finish();
    }
  }
}

function kindOf(stream: string): StreamKind {
  if (stream === 'audit-logs') return 'log';
  if (stream === 'sessions') return 'changes';
  return /^((agent-)?usage|metrics|consumption(?!-cycles))-/.test(stream) ? 'series' : 'snapshot';
}

function lineOf(item: Item): object {
  if ('absent' in item)
    return { kind: 'absent', key: item.absent, at: item.at, of: { seq: 1, n: 2 } };
  if ('finding' in item) return { kind: 'finding', ...item };
  const record = typeof item.record === 'string' ? item.record : JSON.stringify(item.record);
  const bytes = item.altered ? { bytes: Buffer.from(record).toString('base64') } : {};
  return { kind: 'record', page: 1, key: item.key, time: item.time ?? null, record, ...bytes };
}

/** The rows of an answer, each as an object. */
export async function rowsOf(file: string, sql: string): Promise<Row[]> {
  const reader = await readFrom(file, sql);
  return reader
    .getRowObjects()
    .map((row) =>
      Object.fromEntries(Object.entries(row).map(([name, value]) => [name, jsonValue(value)])),
    );
}
