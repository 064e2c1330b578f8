/** A vendor and a sink that nobody has: only what the configuration and the texts look at. */
import { z } from 'zod';
import type { Registry } from '../../src/config/registry.ts';
import { defineVendor } from '../../src/extract/define-vendor.ts';
import { durationOption, pathOption, textOption } from '../../src/settings/options.ts';
import { shortKeyProblem } from '../../src/settings/secrets.ts';
import { defineSink } from '../../src/sinks/define.ts';

export const acme = defineVendor({
  type: 'acme',
  title: 'Acme Code',
  product: { name: 'Code', vendor: 'Acme' },
  folder: new URL('.', import.meta.url),
  host: 'https://api.acme.test',
  variables: { token: 'ACME_AUDIT_TOKEN', baseUrl: 'ACME_BASE_URL' },
  token: { hint: 'an owner makes one' },
  options: z.object({
    enterprise: textOption('Slug of the enterprise.')
      .meta({ variable: 'ACME_ENTERPRISE' })
      .optional(),
    org: textOption('Name of the organization.').meta({ variable: 'ACME_ORG' }).optional(),
    keyFile: pathOption('A file.').meta({ variable: 'ACME_KEY_FILE' }).optional(),
    patience: durationOption('How long.').prefault('2m').meta({ variable: 'ACME_PATIENCE' }),
    deep: z.boolean().default(false).describe('Whether.'),
  }),
  secrets: { salt: { what: 'A salt.', problem: shortKeyProblem } },
  problem: ({ enterprise, org }) =>
    (enterprise === undefined) === (org === undefined)
      ? {
          what: 'names not exactly one of enterprise and organization',
          hint: 'set ACME_ENTERPRISE or ACME_ORG',
        }
      : null,
  reads: [],
  diagnose: () => null,
  session: () => null,
  identify: () => Promise.reject(new Error('not asked here')),
  streams: ['events', 'seats'].map((name) => ({
    name,
    kind: name === 'events' ? ('log' as const) : ('snapshot' as const),
    brings: name,
    endpoint: `/${name}`,
    required: name === 'events',
    maps: {},
    open: () => ({
      read: () => {
        throw new Error('not read here');
      },
    }),
  })),
  sandbox: () => Promise.reject(new Error('not served here')),
});

export const drum = defineSink({
  type: 'drum',
  title: 'Drum',
  receives: 'rows',
  formats: ['auditlake'],
  tables: ['usage_metrics', 'work_sessions'],
  options: z.object({
    skin: textOption('Which.').describe('Which.'),
    beat: durationOption('Each.').prefault('1s'),
  }),
  secrets: { key: { what: 'A key.', required: true } },
  problem: ({ options, tables }) =>
    options.skin === 'goat' && tables.includes('work_sessions')
      ? { key: 'skin', what: 'is too thin for work_sessions', hint: 'take another' }
      : null,
  place: ({ skin }) => skin,
  open: () => {
    throw new Error('not opened here');
  },
});

export const registry: Registry = { vendors: [acme], sinks: [drum] };
