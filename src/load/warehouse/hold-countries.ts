/** In which country each address of the events is: kept, so that each is looked up once and not in every query. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { messageOf } from '../../errors.ts';
import { type Countries, NO_COUNTRIES } from '../../model.ts';
import { firstRow } from '../database.ts';

type Means = { countries: Countries; onMessage: (text: string) => void };

const NEW_ADDRESSES = `
select distinct ip_address from internal.events
where ip_address is not null and ip_address not in (select ip_address from internal.address_countries)
order by all`;

/** An event may have been replaced by a revision with another address: a rebuild would not know the former one. */
const FORGET = `
delete from internal.address_countries
where ip_address not in (select ip_address from internal.events where ip_address is not null)`;

const INSERT = `
insert into internal.address_countries by name
select unnest(from_json($rows, '[{"ip_address": "VARCHAR", "country": "VARCHAR"}]'), recursive := true)`;

/**
 * Brings the countries in line with the file and the events, each of which is there once. A file that is of no use is as none: nothing
 * else of the record waits for it. What is held depends on the file and the events alone, never on how they came.
 *
 * @returns the version of the file whose countries are held
 */
export async function holdCountries(
  connection: DuckDBConnection,
  baseSeq: number,
  { countries, onMessage }: Means,
): Promise<string> {
  try {
    await bringInLine(connection, baseSeq, countries);
    return countries.version;
  } catch (error) {
    onMessage(`no address has a country: ${messageOf(error)}`);
    await bringInLine(connection, baseSeq, NO_COUNTRIES);
    return NO_COUNTRIES.version;
  }
}

async function bringInLine(
  connection: DuckDBConnection,
  baseSeq: number,
  { version, of }: Countries,
): Promise<void> {
  const isOther = (await heldVersion(connection)) !== version;
  // A table that is written to makes the file another one.
  if (isOther) {
    await connection.run('delete from internal.address_countries');
    await connection.run('delete from internal.country_file');
    if (version !== '') {
      await connection.run('insert into internal.country_file values ($version)', { version });
    }
  }
  if (version === '' || (!isOther && !(await hasNewEvents(connection, baseSeq)))) return;
  await connection.run(FORGET);
  const reader = await connection.runAndReadAll(NEW_ADDRESSES);
  const addresses = reader.getRows().map(([address]) => String(address));
  if (addresses.length === 0) return;
  const found = await of(addresses);
  const rows = addresses.map((ip_address) => ({
    ip_address,
    country: found.get(ip_address) ?? null,
  }));
  await connection.run(INSERT, { rows: JSON.stringify(rows) });
}

async function hasNewEvents(connection: DuckDBConnection, after: number): Promise<boolean> {
  const { found } = await firstRow(
    connection,
    'select exists (from internal.events where seq > $after) as found',
    { after: BigInt(after) },
  );
  return found === true;
}

/** The version of the country file whose countries a warehouse has; an empty text if it has none. */
export async function heldVersion(connection: DuckDBConnection): Promise<string> {
  const reader = await connection.runAndReadAll('select version from internal.country_file');
  return String(reader.getRows()[0]?.[0] ?? '');
}

/** What a generation has of countries, whatever file they are from. */
export async function heldCountries(connection: DuckDBConnection): Promise<Map<string, string>> {
  const reader = await connection.runAndReadAll(
    'select ip_address, country from internal.address_countries where country is not null',
  );
  return new Map(reader.getRows().map(([one, country]) => [String(one), String(country)]));
}
