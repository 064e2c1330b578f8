import type { SinkConfig } from '../../config/sinks.ts';
import { usageError } from '../../errors.ts';
import { nearestOr } from '../../platform/nearest.ts';
import type { Context } from '../context.ts';
import { writesToStdout } from './open-sinks.ts';

/**
 * The sinks that are wanted; all if none is named. Looked at before a home is touched.
 *
 * @throws usage for a name that is not configured, or where rows and a document would both go to standard output
 */
export function selectSinks({ config, json }: Context, names: readonly string[]): SinkConfig[] {
  const configured = config.sinks.map(({ name }) => name);
  for (const name of names) {
    if (configured.includes(name)) continue;
    const known = configured.length === 0 ? 'none' : configured.join(', ');
    throw usageError(
      `there is no sink ${name}`,
      nearestOr(name, configured, `configured: ${known}`),
    );
  }
  const sinks = config.sinks.filter(({ name }) => names.length === 0 || names.includes(name));
  const [first, second] = sinks.filter(writesToStdout);
  if (first !== undefined && second !== undefined) {
    throw usageError(
      `the sinks ${first.name} and ${second.name} would both write to standard output`,
      'give one of them a file',
    );
  }
  if (first !== undefined && json) {
    throw usageError(
      `the sink ${first.name} writes rows to standard output, where --json prints a document`,
      'leave out --json: the report is in the log on stderr',
    );
  }
  return sinks;
}
