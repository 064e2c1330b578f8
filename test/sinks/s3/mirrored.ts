import { expect, onTestFinished } from 'vitest';
import { openS3 } from '../../../src/sinks/s3/sink.ts';
import { toolsFor } from '../delivery.ts';
import type { Bucket } from './bucket.ts';
import { sha256, type TestHome } from '../home.ts';

/** One run of the mirror. @returns what was asked of the bucket, and the warnings */
export async function mirror(
  home: TestHome,
  bucket: Bucket,
  signal?: AbortSignal,
): Promise<{ asked: string[]; warnings: string[] }> {
  const sink = openS3('bucket', bucket.options);
  const before = bucket.asked.length;
  const tools = toolsFor(signal);
  try {
    await sink.mirror(home.files(), tools);
  } finally {
    await sink.close();
  }
  return { asked: bucket.asked.slice(before), warnings: tools.warnings };
}

/** The bucket holds the home, byte for byte, and nothing else. */
export function expectMirrored(home: TestHome, bucket: Bucket): void {
  const there = Object.fromEntries(
    [...bucket.objects].map(([key, { body }]) => [key, body.toString()]),
  );
  const here = Object.fromEntries(
    [...home.content].map(([path, text]) => [`auditlake/${path}`, text]),
  );
  expect(there).toEqual(here);
}

/**
 * Looks at every change of the bucket: the manifest names only what is there, with this content unless the journal says
 * that it is being replaced; and nothing of the archive is lost or rewritten, but for a ledger that grows.
 */
export function watch(bucket: Bucket): void {
  const faults: string[] = [];
  let before = new Map(bucket.objects);
  bucket.onChange = (what) => {
    const manifest = JSON.parse(bucket.text('auditlake/lake/manifest.json') ?? '{"files":[]}') as {
      files: { fixed: string; sha256: string }[];
    };
    const { pending } = JSON.parse(
      bucket.text('auditlake/lake/_pending.json') ?? '{"pending":[]}',
    ) as { pending: string[] };
    for (const { fixed: path, sha256: expected } of manifest.files) {
      const file = bucket.objects.get(`auditlake/lake/${path}`);
      if (file === undefined) faults.push(`${what}: the manifest names ${path}`);
      else if (sha256(file.body) !== expected && !pending.includes(`lake/${path}`)) {
        faults.push(`${what}: ${path} is not as the manifest says`);
      }
    }
    for (const [key, { body }] of before) {
      if (!key.startsWith('auditlake/archive/')) continue;
      const now = bucket.objects.get(key)?.body;
      const grew = key.includes('/ledger/') && now?.subarray(0, body.length).equals(body);
      if (now === undefined || !(now.equals(body) || grew === true)) {
        faults.push(`${what}: ${key} was altered`);
      }
    }
    before = new Map(bucket.objects);
  };
  onTestFinished(() => expect(faults).toEqual([]));
}
