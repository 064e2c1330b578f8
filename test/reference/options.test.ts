import { expect, test } from 'vitest';
import { z } from 'zod';
import { optionTable } from '../../src/reference/options.ts';
import { durationOption, textOption } from '../../src/settings/options.ts';

test('a row per option: variable, meaning, choices, default', () => {
  const rows = optionTable({
    org: textOption('Name | of the\n  organization.').meta({ variable: 'ACME_ORG' }),
    wait: durationOption('How long.').prefault('30s'),
    ack: z.enum(['auto', 'off']).describe('Whether.').default('auto'),
    scopes: z
      .array(z.enum(['team', 'user']))
      .describe('Whose.')
      .default(['team']),
    index: textOption('Index.').optional().meta({ fallback: 'the token’s own' }),
    prefix: z
      .string()
      .describe('In front.')
      .default('')
      .transform((text) => `${text}/`),
    extra: z.string().optional(),
  }).split('\n');
  expect(rows).toEqual([
    '| option | variable | meaning | default |',
    '| --- | --- | --- | --- |',
    String.raw`| ${'`org`'} | ${'`ACME_ORG`'} | Name \| of the organization. | must be given |`,
    '| `wait` | – | How long. | `30s` |',
    '| `ack` | – | Whether. One of `auto`, `off`. | `auto` |',
    '| `scopes` | – | Whose. Any of `team`, `user`. | `[team]` |',
    '| `index` | – | Index. | the token’s own |',
    '| `prefix` | – | In front. | none |',
    '| `extra` | – | – | – |',
  ]);
});

test('options below an option have its name in front', () => {
  const lake = z
    .union([z.literal(false), z.strictObject({ retention: z.string().describe('How long.') })])
    .describe('Files.')
    .optional();
  expect(optionTable({ lake }).split('\n')).toEqual([
    '| option | meaning | default |',
    '| --- | --- | --- |',
    '| `lake` | Files. | – |',
    '| `lake.retention` | How long. | must be given |',
  ]);
});
