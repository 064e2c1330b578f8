import { type CursorPage, cursorPages } from '../../extract/paging/cursor.ts';
import { pageToken } from '../../extract/paging/page-token.ts';
import type { Stream } from '../../extract/port.ts';
import { Keyer } from '../../extract/record.ts';
import type { Redaction } from '../../extract/redaction.ts';
import type { Page } from '../../model.ts';
import { BY_ID, BY_TOKEN, fetchPage, ORGANIZATION } from './client.ts';
import type { Session } from './session.ts';

const PATH = `${ORGANIZATION}/external_keys`;

/** An item is not documented: of whatever else it says, a change is seen and the text is not kept. */
export const EXTERNAL_KEY_TEXTS: Redaction = {
  name: 'anthropic-external-key-texts-1',
  hides: 'all texts of external keys other than ids, names, states and times',
  texts: [
    {
      path: '**',
      keep: 'id external_key_id type name display_name provider region status state created_at updated_at archived_at deleted_at workspace_id first_id last_id next_page'.split(
        ' ',
      ),
    },
  ],
};

/** Keys of one's own, with which a workspace is encrypted: whoever takes one away takes the data away. */
export const externalKeys: Stream<Session> = {
  name: 'external-keys',
  kind: 'snapshot',
  brings: 'keys of your own that encrypt workspaces: which there are, and that one was changed',
  endpoint: PATH,
  needs: 'an Admin key; which scope of Claude Enterprise opens it is not documented',
  unknowns: [
    { what: 'the id of an external key', places: ['data.*.id', 'data.*.external_key_id'] },
    { what: 'how the list goes on', places: ['next_page', 'last_id'] },
  ],
  maps: { entity: 'directory.sql' },
  open: ({ client }) => ({
    async *read(): AsyncGenerator<Page> {
      const keyer = new Keyer();
      const names = { id: ['id', 'external_key_id'], time: [] };
      const ask = { path: PATH, query: {}, names, redaction: EXTERNAL_KEY_TEXTS };
      let paging = BY_ID;
      const fetch = async (after: string | null): Promise<CursorPage> => {
        const page = await fetchPage(client, { ...ask, paging }, after);
        // The API has both ways to go on; the first answer tells which this list has.
        if (after === null && 'next_page' in page.envelope) paging = BY_TOKEN;
        return { ...page, ...pageToken(page.envelope, paging.fields) };
      };
      for await (const { rows, note } of cursorPages(fetch, PATH)) {
        yield { note, records: rows.map((row) => keyer.key(row)), place: null };
      }
    },
  }),
};
