/**
 * Checks a pack of evidence with nothing but what a browser has (WebCrypto). It is put into check.html as it is: it must not
 * import anything. docs/report.md has the format.
 */
const encoder = new TextEncoder();

export async function sha256(data) {
  const bytes = typeof data === 'string' ? encoder.encode(data) : data;
  return hex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
}

/** Whether an Ed25519 key signed exactly these bytes. @throws where the browser does not know Ed25519 */
export async function isSigned(keyHex, data, signature) {
  const bytes = typeof data === 'string' ? encoder.encode(data) : data;
  const key = await crypto.subtle.importKey('raw', bytesOf(keyHex), { name: 'Ed25519' }, false, [
    'verify',
  ]);
  return await crypto.subtle.verify({ name: 'Ed25519' }, key, signature, bytes);
}

function hex(bytes) {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

export function bytesOf(text) {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** The lines of a manifest: hash and name of each file. */
export function manifestOf(text) {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ({ sha256: line.slice(0, 64), name: line.slice(66) }));
}

/** Where the steps lead from a hash. */
async function climb(from, path) {
  let at = from;
  for (const step of path.split(' ').filter((text) => text !== '')) {
    const neighbour = step.slice(step.indexOf(':') + 1);
    at = await sha256(step.startsWith('left:') ? neighbour + at : at + neighbour);
  }
  return at;
}

const SEAL =
  /,"sha256":"([0-9a-f]{64})"(?:,"key":"([0-9a-f]{64})","signature":"([0-9a-f]{128})")?\}$/;

/** Its lines, each with the path below it. */
function partsOf(text) {
  const [first, home, ...lines] = text.split('\n');
  if (first !== 'auditlake proof 2' || !home?.startsWith('home ')) return null;
  const parts = { home: home.slice(5), ledger: [], page: [], record: [] };
  for (let i = 0; i + 1 < lines.length; i += 2) {
    const [kind] = lines[i].split(' ', 1);
    if (!Object.hasOwn(parts, kind) || kind === 'home' || !lines[i + 1].startsWith('path '))
      return null;
    parts[kind].push({ text: lines[i].slice(kind.length + 1), path: lines[i + 1].slice(5) });
  }
  return parts;
}

/**
 * Checks one file of proofs.
 *
 * @returns `faults`, what is wrong; `events`, what is proven; `keys` that signed its lines of the ledger, null for one that is not signed
 */
export async function checkProof(text) {
  const parts = partsOf(text);
  if (parts === null || parts.ledger.length === 0) {
    return { faults: ['it is no proof of version 2'], events: [], keys: [] };
  }
  const faults = [];
  const keys = await checkLedger(parts, faults);
  const batch = JSON.parse(parts.ledger[0].text);
  const pages = new Map();
  for (const { text: line, path } of parts.page) {
    if ((await climb(await sha256(line), path)) !== batch.lines_root) {
      faults.push('a page is not in the batch');
    }
    const page = JSON.parse(line);
    if (page.kind !== 'page') faults.push('a line that is called a page is none');
    pages.set(page.page, page);
  }
  const events = [];
  for (const { text: line, path } of parts.record) {
    const record = JSON.parse(line);
    // The line that says that a record is no longer served names it too.
    if (record.kind !== 'record') faults.push('a line that is called a record is none');
    const page = pages.get(record.page);
    const uid = `${batch.source}:${record.key}`;
    if ((await climb(await sha256(line), path)) !== batch.lines_root) {
      faults.push(`${uid} is not in the batch`);
    }
    if (page === undefined) faults.push(`${uid} came with a page that is not here`);
    events.push({ uid, time: record.time, record: record.record, page: page ?? null });
  }
  return { faults, events, keys, seq: batch.seq };
}

/** From the batch's line to the head, each line must have its own hash and be covered by the next. */
async function checkLedger({ home, ledger }, faults) {
  const keys = [];
  for (const [i, { text, path }] of ledger.entries()) {
    const [sealed = '', said, key, signature] = SEAL.exec(text) ?? [];
    const own = await sha256(text.slice(0, text.length - sealed.length));
    const line = JSON.parse(text);
    if (sealed === '' || own !== said) faults.push(`ledger line ${line.seq} was changed`);
    if (i === 0 && line.kind !== 'batch') faults.push('the first ledger line commits no batch');
    keys.push(key ?? null);
    if (key !== undefined) {
      const head = `auditlake head 1 ${home} ${line.seq} ${own}`;
      if (!(await isSigned(key, head, bytesOf(signature)))) {
        faults.push(`ledger line ${line.seq} has a signature that is not that of its key`);
      }
    }
    const next = ledger[i + 1];
    if (next !== undefined && (await climb(own, path)) !== JSON.parse(next.text).covers) {
      faults.push(`ledger line ${line.seq} is not covered by the next one`);
    }
  }
  return keys;
}

const UNSIGNED = 'the manifest is not signed';
const BY_NOBODY =
  'no key has signed any of it, and anybody can make such a folder: what vouches for it is a head of the ledger that was kept elsewhere, compared with those in report.html';

/**
 * Checks a whole pack.
 *
 * @param files `name` relative to the folder, and `bytes`
 * @param trusted the key that whoever checks got by other means, in hex; empty if none
 */
export async function checkPack(files, trusted) {
  const faults = [];
  const remarks = [];
  const byName = new Map(files.map((file) => [file.name, file.bytes]));
  const manifest = byName.get('manifest.txt');
  if (manifest === undefined) return { faults: ['there is no manifest.txt'], remarks, events: [] };
  const text = new TextDecoder().decode(manifest);
  const listed = manifestOf(text);
  for (const { sha256: said, name } of listed) {
    const bytes = byName.get(name);
    if (bytes === undefined) faults.push(`${name} is missing`);
    else if ((await sha256(bytes)) !== said) faults.push(`${name} was changed`);
  }
  const known = new Set(['manifest.txt', 'manifest.sig', ...listed.map(({ name }) => name)]);
  for (const { name } of files) if (!known.has(name)) faults.push(`${name} is not in the manifest`);

  const key = /^# key ([0-9a-f]{64})$/m.exec(text)?.[1];
  const signature = byName.get('manifest.sig');
  if (key === undefined || signature === undefined) {
    if (trusted !== '') faults.push('the manifest is not signed');
    else remarks.push(files.some(({ name }) => name.startsWith('keys/')) ? UNSIGNED : BY_NOBODY);
  } else if (!(await isSigned(key, manifest, signature))) {
    faults.push('the signature of the manifest is not that of its key');
  } else if (trusted === '') {
    remarks.push(`signed by the key ${key}: ask for that key by other means`);
  } else if (key !== trusted) {
    faults.push(`the manifest is signed by the key ${key}, not by the one that you trust`);
  }

  const events = [];
  for (const { name } of listed.filter((file) => file.name.startsWith('proofs/'))) {
    const bytes = byName.get(name);
    if (bytes === undefined) continue;
    const proof = await checkProof(new TextDecoder().decode(bytes));
    faults.push(...proof.faults.map((fault) => `${name}: ${fault}`));
    if (trusted !== '' && proof.keys.some((one) => one !== trusted)) {
      faults.push(`${name}: a ledger line is not signed by the key that you trust`);
    }
    events.push(...proof.events.map((event) => ({ ...event, file: name, seq: proof.seq })));
  }
  return { faults, remarks, events };
}
