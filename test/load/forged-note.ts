import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export type Note = { file: string; former: object | null };

/** Says something else of the generations of a home, in the form that auditlake writes. */
export async function forgeNote(home: string, change: (note: Note) => object): Promise<void> {
  const file = join(home, 'warehouse', 'current.json');
  const {
    hash: _,
    signature,
    ...noted
  } = JSON.parse(await readFile(file, 'utf8')) as Note & {
    hash: string;
    signature?: object;
  };
  const note = change(noted);
  const hash = createHash('sha256').update(JSON.stringify(note)).digest('hex');
  await writeFile(file, `${JSON.stringify({ ...note, hash, signature })}\n`);
}

/** Says something else in a lake's manifest, in the form that auditlake writes. */
export async function forgeManifest(lake: string, change: (text: string) => string): Promise<void> {
  const file = join(lake, 'manifest.json');
  const sealed = await readFile(file, 'utf8');
  const lines = change(sealed.replace(/,"hash":"[0-9a-f]+"\}\n$/, ''));
  const hash = createHash('sha256').update(lines).digest('hex');
  await writeFile(file, `${lines},"hash":"${hash}"}\n`);
}
