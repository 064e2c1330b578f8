import type { MappedVendor } from '../../../src/transform/transform.ts';

/** A vendor that there is not, in shapes that no vendor has: what it declares is all that is known of it. */
export const INVENTED: MappedVendor = {
  type: 'invented',
  product: { name: 'Coder', vendor: 'Invention Inc.' },
  folder: new URL('.', import.meta.url),
  streams: [
    { name: 'audit-logs', maps: { event: 'audit-logs.sql' } },
    { name: 'people', maps: { entity: 'people.sql', grant: 'people-grants.sql' } },
    {
      name: 'rooms',
      maps: { entity: 'rooms.sql', grant: 'rooms-grants.sql', membership: 'rooms-memberships.sql' },
    },
    { name: 'bots', maps: { entity: 'bots.sql', grant: 'bots-grants.sql' } },
    { name: 'contract', maps: { entity: 'contract.sql' } },
    ...['usage-people', 'usage-account', 'usage-groups', 'usage-models'].map((name) => ({
      name,
      maps: { figure: 'figures.sql' },
    })),
  ],
};
