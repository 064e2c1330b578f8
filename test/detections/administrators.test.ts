/** Whom the detection of new administrators names: also one that no event tells of. */
import { expect, test } from 'vitest';
import { findDetections } from '../../src/questions/files.ts';
import { rowsOf } from '../load/archive.ts';
import { incidentWarehouse } from '../questions/incident.ts';

const path = incidentWarehouse();

test('who was made an administrator is named, by an event or by a directory alone', async () => {
  const sql = findDetections(null).found.find(({ name }) => name === 'admin-granted')?.sql ?? '';
  const named = await rowsOf(
    path(),
    `select concat_ws(' ', source, subject, target, role) as said from (${sql.replaceAll('$after', '0')}) order by said`,
  );
  const [ann, bob, dee] = ['ann@acme.test', 'bob@acme.test', 'dee@acme.test'];
  expect(named.map(({ said }) => said)).toEqual([
    `agents ${ann} ${bob} Account Admin`,
    `api ${ann} ${bob} owner`,
    'api key_backup key_backup admin',
    `assistant ${ann} ${bob} Admin`,
    `assistant ${dee} ${dee} Admin`,
    `chat ${ann} ${bob} owner`,
    `editor ${ann} ${bob} owner`,
    `hub ${ann} ${bob} admin`,
  ]);
});
