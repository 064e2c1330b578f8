/** Events as OCSF are valid by the schema that others generate from OCSF's own. */
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { homeFor, sandboxFor } from '../harness.ts';
import { obtained, output } from './support.ts';

const PYTHON = obtained('AUDITLAKE_REAL_OCSF');

/** Says how many events there are, of which classes, and what is wrong. */
const SCRIPT = `
import json, sys
from jsonschema import Draft202012Validator
from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema
schema = OcsfJsonSchemaEmbedded(get_ocsf_schema(version='1.8.0'))
validators, wrong, count = {}, [], 0
for line in open(sys.argv[1]):
    event = json.loads(line)
    uid = event['class_uid']
    if uid not in validators:
        name = schema.lookup_class_name_from_uid(class_uid=uid)
        validators[uid] = Draft202012Validator(schema.get_class_schema(class_name=name, profiles=event['metadata'].get('profiles', [])))
    wrong += [f"{uid} {error.json_path}: {error.message[:200]}" for error in validators[uid].iter_errors(event)]
    count += 1
print(json.dumps({'count': count, 'classes': len(validators), 'wrong': sorted(set(wrong))[:20]}))
`;

test('every event that is delivered as OCSF 1.8 is valid', async () => {
  const small = { events: 600, days: 30 };
  const home = await homeFor(await sandboxFor({ ...small, devin: small }), ['tabnine', 'devin']);
  const file = join(dirname(home.folder), 'events.ndjson');
  await home.configure({
    lake: false,
    sinks: { siem: { type: 'ndjson', path: file, format: 'ocsf' } },
  });
  await writeFile(file, '');
  await home.sync();
  const [events] = await home.query<{ count: number }>(
    'select count(*)::int as count from audit_events',
  );
  const found = JSON.parse(await output(PYTHON, ['-c', SCRIPT, file])) as { classes: number };
  expect(found).toMatchObject({ count: events?.count, wrong: [] });
  expect(found.classes).toBeGreaterThan(3);
});
