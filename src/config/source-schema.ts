import { z } from 'zod';
import type { Vendor } from '../extract/declaration.ts';
import { documentationOf } from '../settings/documentation.ts';
import type { SecretOption } from '../settings/secrets.ts';
import { startOption } from './general.ts';

/** A source of a vendor, as the file has it: what every source has, and what the vendor declares. */
export function sourceSchema(vendor: Vendor) {
  return z.strictObject({
    type: z.literal(vendor.type).describe(vendor.title),
    ...commonOptions(vendor),
    ...ownOptions(vendor.options, vendor.secrets),
  });
}

/** What every source has. */
function commonOptions({ host, variables, token, streams }: Vendor) {
  return {
    baseUrl: z
      .string()
      .describe('Address of the API: https, or http on loopback.')
      .meta({ variable: variables.baseUrl })
      .prefault(host),
    ...secretOptions(
      'token',
      { what: `The token: ${token.hint}.`, required: true },
      variables.token,
    ),
    start: startOption().meta({ fallback: 'the general `start`' }).optional(),
    required: z
      .array(z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'is not the name of a stream'))
      .describe('Streams that must work: if one does not, a person must act.')
      .prefault(streams.filter(({ required }) => required).map(({ name }) => name)),
  };
}

/** The options and secrets that a vendor or a sink declares. */
export function ownOptions(
  { shape }: z.ZodObject,
  secrets: Readonly<Record<string, SecretOption>>,
): Record<string, z.core.$ZodType> {
  return {
    ...Object.fromEntries(Object.entries(shape).map(([key, option]) => [key, inFile(option)])),
    ...Object.assign(
      {},
      ...Object.entries(secrets).map(([key, secret]) => secretOptions(key, secret)),
    ),
  };
}

/** What a variable may say as well need not be in the file. Whether it is there at all is judged when it is read. */
function inFile(option: z.core.$ZodType): z.core.$ZodType {
  const { variable, required } = documentationOf(option);
  return variable !== null && required ? z.optional(option) : option;
}

/** A secret as itself or as a file that holds it. */
function secretOptions(key: string, { what, required }: SecretOption, variable?: string) {
  const variables = (suffix: string) =>
    variable === undefined ? {} : { variable: variable + suffix };
  const fallback = required === true ? { fallback: 'must be given, or the file' } : {};
  return {
    [key]: z
      .string()
      .meta({ description: what, ...variables(''), ...fallback })
      .optional(),
    [`${key}File`]: z
      .string()
      .meta({ description: 'A file that holds it.', ...variables('_FILE') })
      .optional(),
  };
}
