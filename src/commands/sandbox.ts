import { REGISTRY } from '../config/registry.ts';
import type { SandboxDocument } from '../documents/sandbox.ts';
import { EXIT } from '../errors.ts';
import { openOutput } from '../platform/output.ts';
import { portNumber, type Verb, wholeNumber } from './verb.ts';
import { DAY } from '../platform/time.ts';

export const sandbox: Verb<{ port: number; events?: number; days?: number }> = {
  usage: 'sandbox',
  summary: 'serve generated data as a vendor would, on loopback',
  examples: () => ['auditlake sandbox --port 8080', 'auditlake sandbox --events 100000 --days 90'],
  options: (command) =>
    command
      .option('--port <n>', 'port on 127.0.0.1; 0 takes a free one', portNumber, 0)
      .option(
        '--events <n>',
        'audit events in the history of each vendor (default: some thousands)',
        wholeNumber,
      )
      .option('--days <n>', 'days that each history spans (default: 30)', wholeNumber),
  async run({
    options: { port, ...options },
    globals: { json = false, quiet = false },
    invocation,
  }) {
    const { signal, now, registry = REGISTRY } = invocation;
    const output = openOutput({ ...invocation, secrets: [], logLevel: 'info', quiet });
    // Restarted on the same day it serves the same history, as a vendor would.
    const until = Math.floor(now() / DAY) * DAY;
    const { openSandbox } = await import('../runs/open-sandbox.ts');
    const server = await openSandbox(registry.vendors, port, { ...options, until });
    const { variables } = server;
    const document: SandboxDocument = { version: 1, variables };
    if (json) output.line(JSON.stringify(document));
    else {
      output.say('the sandbox serves generated data until Ctrl-C; in another terminal:');
      for (const [name, value] of Object.entries(variables)) output.line(`export ${name}=${value}`);
    }
    await aborted(signal);
    await server.close();
    return EXIT.complete;
  },
};

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
