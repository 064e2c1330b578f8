import type { SourceClient } from '../../extract/client.ts';
import { readRow } from '../../extract/record.ts';
import { SharedList } from '../../extract/shared-list.ts';
import type { Page } from '../../model.ts';
import { readList } from './client.ts';

export const PROJECTS = '/v1/organization/projects';

/** Without it, archived projects are in no list, and what they had would have no name. */
export const WITH_ARCHIVED = { include_archived: 'true' };

/** The projects of the organization, archived ones too. */
export class ProjectList {
  readonly #list: SharedList;
  readonly #archived = new Set<string>();

  constructor(client: SourceClient) {
    this.#list = new SharedList(() => this.#read(client));
  }

  pages(): AsyncGenerator<Page> {
    return this.#list.pages();
  }

  /** Those that are in use first: the API may refuse to answer for the others. */
  async ids(): Promise<string[]> {
    const ids = await this.#list.ids();
    const isArchived = (id: string): boolean => this.#archived.has(id);
    return [...ids.filter((id) => !isArchived(id)), ...ids.filter(isArchived)];
  }

  async *#read(client: SourceClient): AsyncGenerator<Page> {
    for await (const page of readList(client, PROJECTS, { query: WITH_ARCHIVED })) {
      for (const { key, bytes } of page.records) {
        const { id: status } = readRow(bytes, { id: ['status'], time: [] });
        if (status === 'archived') this.#archived.add(key);
      }
      yield page;
    }
  }
}
