import { badRequest } from './errors.ts';

/** A page by its number from 1. */
export type Paging = { page: number; pageSize: number };

type Stated = Readonly<Record<string, unknown>>;

export function readPaging(stated: Stated, fallback: number, most: number): Paging {
  const page = whole(stated['page'] ?? 1, 'page', Number.MAX_SAFE_INTEGER);
  return { page, pageSize: whole(stated['pageSize'] ?? fallback, 'pageSize', most) };
}

function whole(value: unknown, name: string, most: number): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= 1 && number <= most) return number;
  return badRequest(`${name} must be an integer between 1 and ${most}`);
}

type Cut<T> = { items: T[]; totalCount: number; totalPages: number; hasNextPage: boolean };

export function cut<T>(all: readonly T[], { page, pageSize }: Paging): Cut<T> {
  const totalPages = Math.max(1, Math.ceil(all.length / pageSize));
  return {
    items: all.slice((page - 1) * pageSize, page * pageSize),
    totalCount: all.length,
    totalPages,
    hasNextPage: page < totalPages,
  };
}
