/** What `npm start` runs: a sync from the configured vendor, or without one the demonstration, so that there is something to see. */
import { main } from './cli.ts';
import type { ExitCode } from './errors.ts';
import { exitWith, interruptible, invocationOf } from './platform/process.ts';
import { loadConfig } from './config/load.ts';

async function start(args: string[], signal: AbortSignal): Promise<ExitCode> {
  const { env, cwd, ...process } = invocationOf(args, signal);
  const isConfigured =
    args.some((arg) => arg.startsWith('--config')) || loadConfig({ env, cwd }).sources.length > 0;
  return await main({ ...process, env, cwd, argv: [isConfigured ? 'sync' : 'demo', ...args] });
}

exitWith(await interruptible((signal) => start(process.argv.slice(2), signal)));
