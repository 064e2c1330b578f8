/** The pack for a lawyer or an auditor: the page, proofs of the events that it names, keys, and what checks them. */
import { hash, sign } from 'node:crypto';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ReportDocument } from '../../documents/report.ts';
import { EXIT, messageOf, usageError } from '../../errors.ts';
import { proveBatches } from '../../evidence/prove-batches.ts';
import { findEvents } from '../../load/query/find-event.ts';
import { during } from '../../platform/progress.ts';
import { publicKeyFromHex, publicKeyHex } from '../../platform/signing-keys.ts';
import { isoDay } from '../../platform/time.ts';
import { CHECK_HTML, CHECK_SH, readmeOf } from '../../report/pack/pack.ts';
import type { Scope } from '../../report/scope.ts';
import { Archive } from '../../state/archive.ts';
import { unseal } from '../../state/seal.ts';
import type { Context } from '../context.ts';
import type { Done } from '../run-streams.ts';
import { makeReport } from './report.ts';
import { reportDocumentOf } from './write.ts';

/**
 * Writes the pack. The manifest comes last: a folder without one is not finished.
 *
 * @param folder absolute; new or empty
 * @throws AuditlakeError `usage` if there is something in the folder, or an event cannot be proven yet
 */
export async function writeEvidence(
  context: Context,
  scope: Scope,
  folder: string,
): Promise<Done<ReportDocument>> {
  await expectEmpty(folder);
  const { config, output } = context;
  const { signingKey } = config;
  const key = signingKey === null ? null : publicKeyHex(signingKey);
  const made = await during(output, 'report', () => makeReport(context, scope));
  const pack = new Pack(folder);
  await pack.add('report.html', made.page);
  const proven = await during(output, 'proofs', () => addProofs(context, pack, made.cited));
  const signers = new Set([...proven.keys, ...(key === null ? [] : [key])]);
  for (const signer of signers) {
    await pack.add(`keys/${signer}.pem`, pemOf(signer));
  }
  await pack.add('check.html', CHECK_HTML);
  await pack.add('check.sh', CHECK_SH);
  const period = `${isoDay(scope.from)} to ${isoDay(scope.to - 1)}`;
  await pack.add(
    'README.txt',
    readmeOf({ period, cited: made.cited.size, key, hasKeys: signers.size > 0 }),
  );
  const manifest = Buffer.from(pack.manifest(made.head?.home ?? '', key));
  if (signingKey !== null) {
    await writeFile(join(folder, 'manifest.sig'), sign(null, manifest, signingKey));
  }
  await writeFile(join(folder, 'manifest.txt'), manifest);
  const document = {
    ...reportDocumentOf(made, scope, join(folder, 'report.html')),
    evidence: { proofs: proven.files, files: pack.files, key },
  };
  return { document, exit: EXIT.complete };
}

/** @returns how many files, and the keys that signed what is in them */
async function addProofs(
  { config, layout, output }: Context,
  pack: Pack,
  cited: ReadonlySet<string>,
): Promise<{ files: number; keys: Set<string> }> {
  const warehouse = join(config.home, 'warehouse.duckdb');
  const places = await findEvents(warehouse, [...cited], (text) => output.say(text));
  const archive = await Archive.openForReading(layout);
  const keys = new Set<string>();
  let files = 0;
  for await (const { seq, text, ledger } of proveBatches(archive, places, config.trustedKeys)) {
    await pack.add(`proofs/${String(seq).padStart(12, '0')}.proof`, text);
    files += 1;
    for (const line of ledger) {
      const read = unseal(Buffer.from(line));
      if ('line' in read && read.signature !== null) keys.add(read.signature.key);
    }
  }
  return { files, keys };
}

/** A mixture of two packs would prove neither. */
async function expectEmpty(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    if ((await readdir(folder)).length === 0) return;
  } catch (error) {
    throw usageError(
      `--evidence ${folder} cannot be written: ${messageOf(error)}`,
      'name a folder that this user may write',
    );
  }
  throw usageError(`--evidence ${folder} is not empty`, 'name a new folder');
}

function pemOf(key: string): string {
  return publicKeyFromHex(key).export({ type: 'spki', format: 'pem' }).toString();
}

/** Files of a folder, with their hashes. */
class Pack {
  readonly #folder: string;
  readonly #lines: string[] = [];

  constructor(folder: string) {
    this.#folder = folder;
  }

  get files(): number {
    return this.#lines.length;
  }

  async add(name: string, text: string): Promise<void> {
    const file = join(this.#folder, name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
    this.#lines.push(`${hash('sha256', text)}  ${name}`);
  }

  /** As `sha256sum -c` reads it. Its first line keeps it from passing for anything else that the key signs. */
  manifest(home: string, key: string | null): string {
    const head = [`# auditlake evidence 1 ${home}`, ...(key === null ? [] : [`# key ${key}`])];
    return `${[...head, ...this.#lines].join('\n')}\n`;
  }
}
