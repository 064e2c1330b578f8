import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { usageError } from '../errors.ts';
import { openQuery, type QuerySession } from '../load/query/query.ts';
import type { Context } from './context.ts';

/**
 * Opens the published generation for the user's SQL; runs under way do not disturb it.
 *
 * @throws AuditlakeError `usage` if the home has no warehouse
 */
export async function openWarehouse({ config, output }: Context): Promise<QuerySession> {
  const file = join(config.home, 'warehouse.duckdb');
  if (!existsSync(file)) {
    throw usageError(
      `there is no warehouse in ${config.home}`,
      'run `auditlake sync` first, or `auditlake rebuild` if there is an archive',
    );
  }
  return await openQuery({ file, onMessage: (text) => output.say(text) });
}
