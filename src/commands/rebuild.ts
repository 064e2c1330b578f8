import type { Context } from '../context.ts';
import { EXIT, type ExitCode } from '../errors.ts';
import { Loader } from '../loader.ts';
import { Archive } from '../state/archive.ts';
import { takeLock } from '../state/lock.ts';
import { loadTransform } from '../transform/transform.ts';
import { derive, exitOf } from './derived.ts';
import { derivedJson, derivedScreen } from './sync-report.ts';

/** Makes warehouse and lake again from the archive. The old ones serve until the new ones are whole. */
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
    const derived = await derive(context, loader, { fresh: true });
    const exit = exitOf(derived);
    if (json) {
      const { rows = 0, seq = 0 } = derived.warehouse.result ?? {};
      const outcome = exit === EXIT.complete ? 'complete' : 'failed';
      output.line(JSON.stringify({ version: 1, outcome, rows, seq, ...derivedJson(derived) }));
    } else output.line(derivedScreen(derived).join('\n'));
    return exit;
  } finally {
    lock.release();
  }
}
