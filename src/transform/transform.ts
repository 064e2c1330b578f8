import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Mapping, Transform } from '../model.ts';

type Source = {
  vendor: string;
  target: Mapping['target'];
  /** The SQL is in `<vendor>/<file>.sql`. */
  file: string;
  /** Where it is not the stream of the file's name alone. */
  streams?: readonly string[];
};

/** Asked once per scope, in records of one shape. */
const perScope = (family: string): string[] =>
  ['organization', 'team', 'user'].map((scope) => `${family}-${scope}`);

/** A new stream is a file `<vendor>/<file>.sql` and a line here, or a name in the line of its family. */
const SOURCES: readonly Source[] = [
  { vendor: 'tabnine', target: 'event', file: 'audit-logs' },
  { vendor: 'tabnine', target: 'entity', file: 'organization' },
  { vendor: 'tabnine', target: 'entity', file: 'teams' },
  { vendor: 'tabnine', target: 'entity', file: 'users' },
  { vendor: 'tabnine', target: 'entity', file: 'team-members' },
  { vendor: 'tabnine', target: 'entity', file: 'license' },
  { vendor: 'tabnine', target: 'entity', file: 'permissions' },
  { vendor: 'tabnine', target: 'entity', file: 'invitations' },
  { vendor: 'tabnine', target: 'entity', file: 'repositories' },
  { vendor: 'tabnine', target: 'entity', file: 'allowed-teams' },
  {
    vendor: 'tabnine',
    target: 'figure',
    file: 'usage',
    streams: ['usage', 'usage-models', 'agent-usage', 'usage-v1'].flatMap(perScope),
  },
  { vendor: 'tabnine', target: 'figure', file: 'account-utilization' },
  { vendor: 'tabnine', target: 'figure', file: 'team-utilization' },
  { vendor: 'devin', target: 'event', file: 'audit-logs' },
  {
    vendor: 'devin',
    target: 'entity',
    file: 'directory',
    streams: [
      'organizations',
      'users',
      'idp-users',
      'service-users',
      'idp-groups',
      'registered-idp-groups',
      'roles',
      'tags',
      'git-connections',
      'git-permissions',
      'ip-access-list',
      'org-group-limits',
      'acu-limits',
      'hypervisors',
      'queue',
      'consumption-cycles',
    ],
  },
  {
    vendor: 'devin',
    target: 'figure',
    file: 'consumption',
    streams: ['enterprise', 'organization', 'user', 'service-user'].map(
      (scope) => `consumption-${scope}`,
    ),
  },
  {
    vendor: 'devin',
    target: 'figure',
    file: 'metrics',
    streams: ['dau', 'wau', 'mau', 'active-users', 'sessions', 'prs', 'searches', 'usage'].map(
      (what) => `metrics-${what}`,
    ),
  },
  { vendor: 'devin', target: 'session', file: 'sessions' },
];

const VOCABULARY = 'actions.csv';

/** Reads the transform from the files beside this one. Any change to any of them is a new version. */
export function loadTransform(): Transform {
  const hash = createHash('sha256');
  const read = (name: string): string => {
    const text = readFileSync(new URL(name, import.meta.url), 'utf8');
    // With its length, so that text cannot move from one file to the next unnoticed.
    hash.update(`${name} ${text.length}\n`).update(text);
    return text;
  };
  const mappings = SOURCES.flatMap(({ vendor, target, file, streams = [file] }) => {
    const sql = read(`../vendors/${vendor}/${file}.sql`);
    hash.update(`${target} ${streams.join(' ')}`);
    return streams.map((stream) => ({ vendor, stream, target, sql }));
  });
  const vocabulary = read(VOCABULARY);
  return { mappings, vocabulary, version: hash.digest('hex') };
}
