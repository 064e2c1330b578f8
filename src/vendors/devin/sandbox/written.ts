import { fraction, pick } from '../../../sandbox/random.ts';
import type { Directory } from './directory.ts';
import { hex } from './ids.ts';

export type Note = {
  access_type: 'enterprise' | 'org';
  body: string;
  created_at: number;
  folder_id: string | null;
  folder_path: string;
  is_enabled: boolean;
  macro: string | null;
  name: string;
  note_id: string;
  org_id: string | null;
  pinned_repo: string | null;
  trigger: string;
  updated_at: number;
};

type Playbook = {
  access_type: 'enterprise' | 'org';
  body: string;
  created_at: number;
  created_by: string;
  macro: string | null;
  org_id: string | null;
  playbook_id: string;
  title: string;
  updated_at: number;
  updated_by: string;
};

type Schedule = {
  agent: string;
  consecutive_failures: number;
  created_at: string;
  created_by: string;
  enabled: boolean;
  frequency: string;
  last_error_at: string | null;
  last_error_message: string | null;
  last_executed_at: string | null;
  name: string;
  notify_on: string;
  org_id: string;
  playbook: { playbook_id: string; title: string } | null;
  prompt: string;
  scheduled_session_id: string;
  updated_at: string;
};

export type Secret = {
  access_type: string;
  created_at: number;
  created_by: string;
  is_sensitive: boolean;
  key: string | null;
  note: string | null;
  secret_id: string;
  secret_type: string;
};

/** What people wrote down for agents, and what agents are given. Of the enterprise, or by organization. */
export type Written = {
  readonly enterpriseNotes: Note[];
  readonly notes: Map<string, Note[]>;
  readonly enterprisePlaybooks: Playbook[];
  readonly playbooks: Map<string, Playbook[]>;
  readonly schedules: Map<string, Schedule[]>;
  readonly secrets: Map<string, Secret[]>;
};

/** Texts that must not be found anywhere outside of the vendor. */
export const WRITTEN_TEXT = 'Written for the agent alone';

type Past = { seed: number; at: (place: number) => number; by: (place: number) => string };

/** The same for the same seed. */
export function generateWritten(
  seed: number,
  { organizations, actors }: Directory,
  start: number,
): Written {
  const past: Past = {
    seed,
    at: (place) => Math.floor(start - fraction(seed + 83, place) * 4_000_000),
    by: (place) => pick(actors, place).id,
  };
  const each = <T>(make: (org_id: string, place: number) => T[]): Map<string, T[]> =>
    new Map(organizations.map(({ org_id }, place) => [org_id, make(org_id, place + 1)]));
  const enterpriseNotes = [note(past, null, 0)];
  const enterprisePlaybooks = [playbook(past, null, 0)];
  return {
    enterpriseNotes,
    // What is of the enterprise is in the list of each organization, too.
    notes: each((org_id, place) => [...enterpriseNotes, note(past, org_id, place)]),
    enterprisePlaybooks,
    playbooks: each((org_id, place) => [...enterprisePlaybooks, playbook(past, org_id, place)]),
    schedules: each((org_id, place) => [schedule(past, org_id, place)]),
    secrets: each((_, place) => [secret(past, place)]),
  };
}

function note({ seed, at }: Past, org_id: string | null, place: number): Note {
  return {
    access_type: org_id === null ? 'enterprise' : 'org',
    body: `${WRITTEN_TEXT}: note ${place}`,
    created_at: at(place),
    folder_id: null,
    folder_path: '/',
    is_enabled: true,
    macro: null,
    name: `note ${place}`,
    note_id: `note-${hex(seed, 'note', place, 16)}`,
    org_id,
    pinned_repo: null,
    trigger: `${WRITTEN_TEXT}: when ${place}`,
    updated_at: at(place),
  };
}

function playbook({ seed, at, by }: Past, org_id: string | null, place: number): Playbook {
  return {
    access_type: org_id === null ? 'enterprise' : 'org',
    body: `${WRITTEN_TEXT}: playbook ${place}`,
    created_at: at(place),
    created_by: by(place),
    macro: `!playbook-${place}`,
    org_id,
    playbook_id: `playbook-${hex(seed, 'playbook', place, 16)}`,
    title: `playbook ${place}`,
    updated_at: at(place),
    updated_by: by(place),
  };
}

function schedule({ seed, at, by }: Past, org_id: string, place: number): Schedule {
  const made = new Date(at(place) * 1000).toISOString();
  return {
    agent: 'devin',
    consecutive_failures: 0,
    created_at: made,
    created_by: by(place),
    enabled: true,
    frequency: '0 3 * * *',
    last_error_at: null,
    last_error_message: `${WRITTEN_TEXT}: error ${place}`,
    last_executed_at: null,
    name: `schedule ${place}`,
    notify_on: 'failure',
    org_id,
    playbook: null,
    prompt: `${WRITTEN_TEXT}: prompt ${place}`,
    scheduled_session_id: `sched-${hex(seed, 'schedule', place, 16)}`,
    updated_at: made,
  };
}

function secret({ seed, at, by }: Past, place: number): Secret {
  return {
    access_type: 'org',
    created_at: at(place),
    created_by: by(place),
    is_sensitive: true,
    key: `SECRET_${place}`,
    note: `${WRITTEN_TEXT}: secret ${place}`,
    secret_id: `secret-${hex(seed, 'secret', place, 16)}`,
    secret_type: 'key-value',
  };
}
