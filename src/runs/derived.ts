import type { Context } from './context.ts';
import { AuditlakeError, EXIT, type ExitCode, messageOf, worstExit } from '../errors.ts';
import { writeLake } from '../load/lake/lake.ts';
import { publishedGeneration } from '../load/warehouse/begin.ts';
import type { Loader, LoadResult } from './loader.ts';

/**
 * What became of something that is made from the archive. `result` is null where there was nothing to do; `ms` is how
 * long the run had to wait for it (the warehouse is mostly loaded while the vendor is still being read).
 */
export type Made<T> = { result: T | null; exit: ExitCode; error: string | null; ms: number };

export type Derived = {
  warehouse: Made<NonNullable<LoadResult>>;
  /** Null where the configuration wants none. */
  lake: Made<{ seq: number; files: number; rows: number }> | null;
};

/** Brings the warehouse and then the lake up to the archive. Trouble here costs a rebuild, never a record. */
export async function derive(
  context: Context,
  loader: Loader,
  ask: { fresh: boolean },
): Promise<Derived> {
  const { config, output } = context;
  const warehouse = await make(context, 'the warehouse', () => loader.finish(ask));
  if (config.lake === null) return { warehouse, lake: null };
  const { compression } = config.lake;
  const keepFrom = firstDayKept(config.lake, context.now());
  const lake = await make(context, 'the lake', async () => {
    const published = await publishedGeneration(config.home);
    if (published === null) return null;
    const written = await writeLake({
      home: config.home,
      published,
      compression,
      keepFrom,
      all: ask.fresh,
      signal: context.signal,
      onProgress: (text) => output.progress(text),
    });
    return written.files + written.removed === 0 ? null : written;
  });
  return { warehouse, lake };
}

export function exitOf({ warehouse, lake }: Derived): ExitCode {
  return worstExit([warehouse.exit, lake?.exit ?? EXIT.complete]);
}

async function make<T>(
  { output }: Context,
  what: string,
  work: () => Promise<T | null>,
): Promise<Made<T>> {
  const startedAt = performance.now();
  const ms = (): number => Math.round(performance.now() - startedAt);
  try {
    return { result: await work(), exit: EXIT.complete, error: null, ms: ms() };
  } catch (error) {
    output.log.error({ err: error }, `${what} could not be brought up to date`);
    const exit = error instanceof AuditlakeError ? error.exit : EXIT.failed;
    return { result: null, exit, error: messageOf(error), ms: ms() };
  }
}

/** As YYYY-MM-DD; null where the lake keeps all. */
export function firstDayKept(
  { retention }: NonNullable<Context['config']['lake']>,
  now: number,
): string | null {
  return retention === null ? null : new Date(now - retention).toISOString().slice(0, 10);
}
