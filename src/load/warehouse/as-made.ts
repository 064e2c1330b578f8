/**
 * Whether a file defines what auditlake makes. A view or a macro of somebody else's, which runs with our SQL, may take for ever: planning
 * views of views alone does, and DuckDB does not interrupt it. So what defines anything else is not read at all.
 */
import type { DuckDBConnection } from '@duckdb/node-api';
import { GENERATION } from '../database.ts';
import { withDefined } from './defined-file.ts';
import { type Definition, definitions, without } from './definitions.ts';

/** Listed once in a process. */
let made: Promise<Definition[]> | null = null;

/** SHA-256 of the files that this process made: with the same content they define the same, which takes long to list. */
const madeHere = new Set<string>();

/** Notes a file that is closed and defines nothing but what auditlake makes. @param sha256 null if nobody knows it */
export function noteMade(sha256: string | null): void {
  if (sha256 !== null) madeHere.add(sha256);
}

/** Whether a file with that content was made here. */
export function isMadeHere(sha256: string | null): boolean {
  return sha256 !== null && madeHere.has(sha256);
}

/**
 * What a file defines that auditlake does not, or lacks, with the kind; null if nothing.
 *
 * @param database its name in the connection
 * @param only     the qualified name of what alone is looked at
 */
export async function otherDefinition(
  connection: DuckDBConnection,
  database: string,
  only: string | null = null,
): Promise<string | null> {
  made ??= definitionsMade();
  const ours = await made.catch((error: unknown) => {
    made = null;
    throw error;
  });
  const theirs = (await definitions(connection)).get(database) ?? [];
  const isAsked = ({ kind, name }: Definition): boolean =>
    kind !== 'comment' && (only === null || name === only);
  const [other] = [...without(theirs, ours), ...without(ours, theirs)].filter(isAsked);
  return other === undefined ? null : `the ${other.kind} ${other.name.replace(/^main\./, '')}`;
}

/** From a file: DuckDB writes out some of what it has read back otherwise than what it was just given. */
async function definitionsMade(): Promise<Definition[]> {
  return await withDefined(
    async (connection) => (await definitions(connection)).get(GENERATION) ?? [],
  );
}
