import type { DuckDBConnection } from '@duckdb/node-api';
import type { StatedPeople } from '../../model.ts';
import { statedPeopleOf } from '../../platform/stated-people.ts';

/**
 * Brings in what the user says of people, unless it is there: a table that is written to makes the file another one.
 *
 * @returns whether it was not there
 */
export async function statePeople(
  connection: DuckDBConnection,
  { identities, version }: StatedPeople,
): Promise<boolean> {
  if ((await statedPeople(connection)).version === version) return false;
  await connection.run('delete from internal.stated_identities');
  await connection.run(
    `insert into internal.stated_identities by name
     select unnest(from_json($rows, '[{"person_id": "VARCHAR", "identity": "VARCHAR"}]'), recursive := true)`,
    { rows: JSON.stringify(identities) },
  );
  return true;
}

/** What a generation has of what the user says of people. */
export async function statedPeople(connection: DuckDBConnection): Promise<StatedPeople> {
  const reader = await connection.runAndReadAll(
    'select person_id, identity from internal.stated_identities',
  );
  return statedPeopleOf(
    reader.getRows().map(([person_id, identity]) => ({
      person_id: String(person_id),
      identity: String(identity),
    })),
  );
}
