/** What follows from the directory of a vendor, and from what the user says of people: kept, so that no query works it out. */
import type { DuckDBConnection } from '@duckdb/node-api';
import type { StatedPeople } from '../../model.ts';
import { firstRow } from '../database.ts';
import { HOLD_PEOPLE } from './schema.ts';
import { statePeople } from './state-people.ts';

/** Each has what the view with the name behind it gives; a later one may read an earlier one. */
const NAMES = {
  names_over_time: 'names_to_hold',
  memberships_over_time: 'memberships_to_hold',
  held_periods: 'held_periods_to_hold',
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
  if (changed === true) await holdNames(connection);
  if (changed === true || isSaidAnew) await holdPeople(connection);
}

/** Works out whose every account is. */
export async function holdPeople(connection: DuckDBConnection): Promise<void> {
  await connection.run(HOLD_PEOPLE);
}

/** What was called how, and who was where and held what, from when to when. */
async function holdNames(connection: DuckDBConnection): Promise<void> {
  for (const [table, view] of Object.entries(NAMES)) {
    await connection.run(`delete from internal.${table}`);
    await connection.run(`insert into internal.${table} by name select * from internal.${view}`);
  }
}
