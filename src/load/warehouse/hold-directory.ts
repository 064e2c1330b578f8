/** What follows from the directory of a vendor, and from what the user says of people: kept, so that no query works it out. */
import type { DuckDBConnection } from '@duckdb/node-api';
import type { StatedPeople } from '../../model.ts';
import { firstRow } from '../database.ts';
import { HOLD_PEOPLE } from './schema.ts';
import { statePeople } from './state-people.ts';

/** Each has what the view with the name behind it gives; a later one may read an earlier one. */
const DIRECTORY = {
  'internal.names_over_time': 'names_to_hold',
  'internal.memberships_over_time': 'memberships_to_hold',
  'internal.held_periods': 'held_periods_to_hold',
};

/** Updates what has changed since the base generation. */
export async function holdDirectory(
  connection: DuckDBConnection,
  baseSeq: number,
  people: StatedPeople,
): Promise<void> {
  const isSaidAnew = await statePeople(connection, people);
  const { changed } = await firstRow(
    connection,
    'select exists (from internal.entity_versions where seq > $seq) as changed',
    { seq: BigInt(baseSeq) },
  );
  if (changed === true) await hold(connection, DIRECTORY);
  if (changed === true || isSaidAnew) await holdPeople(connection);
}

/** Works out whose every account is. */
export async function holdPeople(connection: DuckDBConnection): Promise<void> {
  await connection.run(HOLD_PEOPLE);
}

async function hold(
  connection: DuckDBConnection,
  held: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [table, view] of Object.entries(held)) {
    await connection.run(`delete from ${table}`);
    await connection.run(`insert into ${table} by name select * from internal.${view}`);
  }
}
