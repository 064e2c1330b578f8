/**
 * The health check of the image. A container that runs `schedule` is healthy while it answers on `/livez`, wherever it listens; one
 * that runs any other verb is healthy while it runs.
 *
 * The argument names the file that has the command line of the container, separated by NUL: `/proc/1/cmdline`.
 */
import { readFileSync } from 'node:fs';
import { loadConfig } from './config/load.ts';

const PATIENCE_MS = 4_000;

async function isHealthy(argv: readonly string[]): Promise<boolean> {
  if (!argv.includes('schedule')) return true;
  const configFile = configFileIn(argv);
  const { schedule } = loadConfig({
    env: process.env,
    cwd: process.cwd(),
    without: ['sources', 'sinks', 'signing'],
    ...(configFile === undefined ? {} : { configFile }),
  });
  // Nobody can know a port that was chosen at random.
  if (schedule.listen === null || schedule.listen.port === 0) return true;
  const { host, port } = schedule.listen;
  const isAny = host === '0.0.0.0' || host === '::';
  const address = isAny ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  const signal = AbortSignal.timeout(PATIENCE_MS);
  return await fetch(`http://${address}:${port}/livez`, { signal }).then(
    ({ ok }) => ok,
    () => false,
  );
}

/** `--config FILE` and `--config=FILE`, as the command line takes it; the last one counts. */
function configFileIn(argv: readonly string[]): string | undefined {
  const named = argv.flatMap((word, i) => {
    if (word === '--config') return argv[i + 1] ?? [];
    return word.startsWith('--config=') ? word.slice('--config='.length) : [];
  });
  return named.at(-1);
}

const [, , commandLine = '/proc/1/cmdline'] = process.argv;
process.exitCode = (await isHealthy(readFileSync(commandLine, 'utf8').split('\0'))) ? 0 : 1;
