import type { Context } from '../context.ts';
import { EXIT, type ExitCode } from '../errors.ts';
import { Loader } from '../loader.ts';
import { Archive } from '../state/archive.ts';
import { takeLock } from '../state/lock.ts';
import { loadTransform } from '../transform/transform.ts';

/** Makes the warehouse again from the archive. The old one serves until the new one is whole. */
export async function rebuildCommand(context: Context): Promise<ExitCode> {
  const { config, layout, output, json, now } = context;
  const lock = await takeLock(layout);
  try {
    const archive = await Archive.openForWriting(layout, now);
    const loader = new Loader(archive, {
      home: config.home,
      transform: loadTransform(),
      onMessage: (text) => output.log.info(text),
    });
    const result = await loader.finish({ fresh: true });
    if (json) output.line(JSON.stringify({ version: 1, outcome: 'complete', ...result }));
    else
      output.line(
        `rebuilt from the archive: ${result?.rows ?? 0} rows, at seq ${result?.seq ?? 0}`,
      );
    return EXIT.complete;
  } finally {
    lock.release();
  }
}
