import type { Finding } from '../../documents/check.ts';
import { EXIT, messageOf } from '../../errors.ts';
import { openCountries, SAMPLE } from '../../platform/country-file.ts';
import type { Context } from '../context.ts';
import { fine, problem } from './finding.ts';

/** Whether the country file, if there is one, answers for addresses from all over. */
export async function checkCountries({ config }: Pick<Context, 'config'>): Promise<Finding[]> {
  if (config.countryFile === null) return [];
  try {
    const countries = await openCountries(config.countryFile);
    const found = await countries.of(SAMPLE);
    if (found.size > 0) {
      const known = `${found.size} of ${SAMPLE.length} sample addresses`;
      return [fine('countryFile', `${config.countryFile} knows the country of ${known}`)];
    }
    return [problem('countryFile', `${config.countryFile} knows no country`, HINT, EXIT.usage)];
  } catch (error) {
    return [problem('countryFile', messageOf(error), HINT, EXIT.usage)];
  }
}

const HINT =
  'get the file again, or leave `countryFile` out: the record goes on meanwhile, and addresses have no country';
