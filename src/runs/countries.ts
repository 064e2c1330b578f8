import { messageOf } from '../errors.ts';
import { type Countries, NO_COUNTRIES } from '../model.ts';
import { openCountries } from '../platform/country-file.ts';
import type { Context } from './context.ts';

/** What the configured country file says. One that cannot be read is as none, with a warning: the record does not wait for it. */
export async function countriesFor({ config, output }: Context): Promise<Countries> {
  if (config.countryFile === null) return NO_COUNTRIES;
  try {
    return await openCountries(config.countryFile);
  } catch (error) {
    output.log.warn(`no address has a country: ${messageOf(error)}`);
    return NO_COUNTRIES;
  }
}

/** Why a question of countries has no answer. */
export const NO_COUNTRY_FILE =
  'no country file is configured, or it was of no use to the last sync (`auditlake check` looks at it)';
