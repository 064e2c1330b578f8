import type { Context } from '../runs/context.ts';
import { EXIT, type ExitCode } from '../errors.ts';
import { derive, exitOf } from '../runs/derived.ts';
import { derivedJson, derivedScreen } from './sync-report.ts';
import { withArchive } from '../runs/with-archive.ts';

/** Makes warehouse and lake again from the archive. The old ones serve until the new ones are whole. */
export async function rebuildCommand(context: Context): Promise<ExitCode> {
  const { output, json } = context;
  const onMessage = (text: string): void => output.log.info(text);
  return await withArchive(context, onMessage, async (_archive, loader) => {
    const derived = await derive(context, loader, { fresh: true });
    const exit = exitOf(derived);
    if (json) {
      const { rows = 0, seq = 0 } = derived.warehouse.result ?? {};
      const outcome = exit === EXIT.complete ? 'complete' : 'failed';
      output.line(JSON.stringify({ version: 1, outcome, rows, seq, ...derivedJson(derived) }));
    } else output.line(derivedScreen(derived).join('\n'));
    return exit;
  });
}
