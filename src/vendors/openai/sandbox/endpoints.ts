import { type Answer, json, Refusal } from '../../../sandbox/answer.ts';
import { failed } from './errors.ts';
import { BY_LAST, BY_NEXT, type Item, type ListShape, pageOf } from './lists.ts';
import type { Inquiry, OpenaiState } from './state.ts';

type Endpoint = (inquiry: Inquiry) => Answer;

/** A list of the whole organization. */
export function all(of: (state: OpenaiState) => readonly Item[], shape = BY_LAST): Endpoint {
  return ({ state, params }) => pageOf(of(state), params, shape);
}

/** A list of one project, group or user. */
export function one(
  of: (state: OpenaiState, id: string) => readonly Item[] | undefined,
  shape: ListShape = BY_LAST,
): Endpoint {
  return ({ state, params, id }) => {
    const items = of(state, id);
    return items === undefined ? notFound(id) : pageOf(items, params, shape);
  };
}

/** A list of a project, which has to be one. */
export function ofProject(
  of: (state: OpenaiState, id: string) => readonly Item[],
  shape: ListShape = BY_LAST,
): Endpoint {
  return one((state, id) => {
    refuseArchived(state, id);
    return state.directory.projects.some((project) => project.id === id)
      ? of(state, id)
      : undefined;
  }, shape);
}

/** A setting of a project. */
export function projectSetting(of: (id: string) => object): Endpoint {
  return ({ state, id }) => {
    refuseArchived(state, id);
    const isThere = state.directory.projects.some((project) => project.id === id);
    return isThere ? json(200, of(id), 1) : notFound(id);
  };
}

export const projects: Endpoint = ({ state, params }) => {
  const isAll = params.get('include_archived') === 'true';
  const listed = state.directory.projects.filter(({ status }) => isAll || status === 'active');
  return pageOf(listed, params, BY_LAST);
};

/** Keys whose owner may no longer use the project are left out unless all are asked for. */
export function apiKeys(state: OpenaiState, access: string | null, id: string): readonly Item[] {
  return (state.directory.apiKeys.get(id) ?? [])
    .filter((key) => access === 'any' || key.owner_project_access === (access ?? 'active'))
    .map((key) => used(state, key));
}

export function adminKeys(state: OpenaiState): readonly Item[] {
  return state.directory.adminKeys.map((key) => used(state, key));
}

/** Everybody who is known holds some roles, or none. */
export function heldRoles(state: OpenaiState, id: string): readonly Item[] | undefined {
  const { users, groups, heldRoles: held } = state.directory;
  return [...users, ...groups].some((holder) => holder.id === id)
    ? (held.get(id) ?? [])
    : undefined;
}

/** The first who is listed in a project holds a role of it. */
export function rolesInProject(list: 'members' | 'projectGroups', name: string): Endpoint {
  return ({ state, params, id, other }) => {
    refuseArchived(state, id);
    const holders: readonly Item[] = state.directory[list].get(id) ?? [];
    const place = holders.findIndex((holder) => holder[name] === other);
    if (place < 0) return notFound(other);
    return pageOf(place === 0 ? state.directory.roles.slice(1) : [], params, BY_NEXT);
  };
}

export function rateLimits(id: string): readonly Item[] {
  return ['gpt-5.2', 'o6'].map((model) => ({
    object: 'project.rate_limit',
    id: `rl-${model}`,
    model,
    max_requests_per_1_minute: id.length * 100,
    max_tokens_per_1_minute: 2_000_000,
  }));
}

function used(state: OpenaiState, key: Item): Item {
  return state.quirks.keysInUse ? { ...key, last_used_at: state.seconds() } : key;
}

function refuseArchived({ directory, quirks }: OpenaiState, id: string): void {
  const project = directory.projects.find((candidate) => candidate.id === id);
  if (quirks.archivedRefused && project?.status === 'archived') throw new Refusal(notFound(id));
}

function notFound(id: string): Answer {
  return failed(404, `No such resource: ${id}`);
}
