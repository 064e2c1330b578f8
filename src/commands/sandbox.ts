import type { Registry } from '../config/registry.ts';
import type { Output } from '../platform/output.ts';
import { EXIT, type ExitCode } from '../errors.ts';
import { openSandbox } from '../runs/open-sandbox.ts';

const DAY = 86_400_000;

/** Serves generated data on loopback until it is stopped. */
export async function sandboxCommand(
  output: Output,
  json: boolean,
  { port, ...options }: { port: number; events?: number; days?: number },
  { signal, now, registry }: { signal: AbortSignal; now: () => number; registry: Registry },
): Promise<ExitCode> {
  // Restarted on the same day it serves the same history, as a vendor would.
  const until = Math.floor(now() / DAY) * DAY;
  const sandbox = await openSandbox(registry.vendors, port, { ...options, until });
  const { variables } = sandbox;
  if (json) output.line(JSON.stringify({ version: 1, variables }));
  else {
    output.say('the sandbox serves generated data until Ctrl-C; in another terminal:');
    for (const [name, value] of Object.entries(variables)) output.line(`export ${name}=${value}`);
  }
  if (!signal.aborted) {
    await new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }
  await sandbox.close();
  return EXIT.complete;
}
