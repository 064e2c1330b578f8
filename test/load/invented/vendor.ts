import type { MappedVendor } from '../../../src/transform/transform.ts';

/** A vendor that there is not, in shapes that no vendor has: what it declares is all that is known of it. */
export const INVENTED: MappedVendor = {
  type: 'invented',
  product: { name: 'Coder', vendor: 'Invention Inc.' },
  folder: new URL('.', import.meta.url),
  streams: [
    { name: 'audit-logs', kind: 'log', maps: { event: 'audit-logs.sql' } },
    {
      name: 'people',
      kind: 'snapshot',
      maps: { entity: 'people.sql', grant: 'people-grants.sql' },
    },
    {
      name: 'rooms',
      kind: 'snapshot',
      maps: { entity: 'rooms.sql', grant: 'rooms-grants.sql', membership: 'rooms-memberships.sql' },
    },
    { name: 'bots', kind: 'snapshot', maps: { entity: 'bots.sql', grant: 'bots-grants.sql' } },
    { name: 'contract', kind: 'snapshot', maps: { entity: 'contract.sql' } },
    ...['usage-people', 'usage-account', 'usage-groups', 'usage-models'].map((name) => ({
      name,
      kind: 'series' as const,
      maps: { figure: 'figures.sql' },
    })),
  ],
};
