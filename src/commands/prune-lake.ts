import { EXIT, type ExitCode, usageError } from '../errors.ts';
import { writeLake } from '../load/lake/lake.ts';
import { publishedGeneration } from '../load/warehouse/begin.ts';
import type { Context } from '../runs/context.ts';
import { firstDayKept } from '../runs/derived.ts';
import { takeLock } from '../state/lock.ts';

/**
 * Removes days from the lake that are past `lake.retention`. Nothing is lost by it: archive and warehouse keep them, and a longer
 * retention brings them back.
 */
export async function pruneLakeCommand(context: Context): Promise<ExitCode> {
  const { config, layout, output, json, signal } = context;
  const { home, lake } = config;
  const keepFrom = lake === null ? null : firstDayKept(lake, context.now());
  if (lake === null || keepFrom === null) {
    throw usageError(
      lake === null ? 'there is no lake: `lake` is false' : 'lake.retention is not set',
      'say in auditlake.yaml how long a day stays: lake: { retention: 400d }',
    );
  }
  const lock = await takeLock(layout);
  try {
    const published = await publishedGeneration(home);
    const { compression } = lake;
    const onProgress = (text: string): void => output.progress(text);
    const options = { home, compression, keepFrom, signal, onProgress };
    const { files, removed } =
      published === null ? { files: 0, removed: 0 } : await writeLake({ ...options, published });
    if (json) {
      const lakeJson = { keeps_from: keepFrom, files, removed };
      output.line(JSON.stringify({ version: 1, outcome: 'complete', lake: lakeJson }));
    } else output.line(`lake: ${removed} files removed; days from ${keepFrom} on are kept`);
    return EXIT.complete;
  } finally {
    lock.release();
  }
}
