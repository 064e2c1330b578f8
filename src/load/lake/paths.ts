/**
 * Where a file of the lake lies. It has two names for the same bytes. Whoever reads the folder finds the current rows of a span
 * under a name that stays; whoever reads the manifest finds them under a name made from the content, which never holds
 * anything else.
 */
import { AuditlakeError, EXIT } from '../../errors.ts';
import { monthOf } from './calendar.ts';

/** Below it lies what the manifest names. Nothing that searches the folder of a table gets there. */
const FIXED = '.files';

const FOLDER = String.raw`[a-z][a-z_]*/src=[a-z0-9][a-z0-9._-]*/month=\d{4}-\d\d`;
const SPAN = String.raw`\d{4}-\d\d(?:-\d\d)?`;

/** `audit_events/src=acme/month=2026-03/2026-03-01.parquet`, and nothing that leads elsewhere. */
export const SHOWN_PATH = new RegExp(`^${FOLDER}/${SPAN}\\.parquet$`);
/** `.files/audit_events/src=acme/month=2026-03/2026-03-01-0123456789abcdef.parquet` */
export const FIXED_PATH = new RegExp(`^\\${FIXED}/${FOLDER}/${SPAN}-[0-9a-f]{16}\\.parquet$`);
/** Of the layouts before: `audit_events/src=acme/dt=2026-03-01/data.parquet`, and `source=` up to version 0.1. */
export const FORMER_PATH =
  /^[a-z][a-z_]*\/(?:src|source)=[a-z0-9][a-z0-9._-]*\/dt=\d{4}-\d\d-\d\d\/data\.parquet$/;

/**
 * Lies in a folder while several of its names change, which nothing can do at once: it is no Parquet file, so that whoever lists
 * the folder then fails instead of finding a row twice or not at all.
 */
export const BARRIER = 'read-again.parquet';
export const BARRIER_PATH = new RegExp(
  `^(?:${FOLDER}|[a-z][a-z_]*)/${BARRIER.replace('.', '\\.')}$`,
);

/** Whether a path is one that auditlake gives to a file with rows, now or in a layout before. */
export function isOfRows(path: string): boolean {
  return SHOWN_PATH.test(path) || FIXED_PATH.test(path) || FORMER_PATH.test(path);
}

/** Names come from the data and become a path here, so they are looked at. */
export function shownPath(table: string, source: string | null, span: string): string {
  const path = `${table}/src=${source ?? ''}/month=${monthOf(span)}/${span}.parquet`;
  if (SHOWN_PATH.test(path)) return path;
  throw new AuditlakeError(
    'lake',
    `${table}: the source ${JSON.stringify(source)} in ${span} cannot be the name of a folder`,
    'names of sources are of a-z, 0-9, dot, underscore and hyphen',
    EXIT.failed,
  );
}

/** The name that nothing else gets. */
export function fixedPath(shown: string, sha256: string): string {
  return `${FIXED}/${shown.replace(/\.parquet$/, '')}-${sha256.slice(0, 16)}.parquet`;
}

/** Whether a path has its name from that content. */
export function isNamedAfter(path: string, sha256: string): boolean {
  return path.endsWith(`-${sha256.slice(0, 16)}.parquet`);
}

/** In the folder of what is being written. */
export function stagedName(shown: string): string {
  return `${shown.replaceAll('/', '+')}${STAGED}`;
}

const STAGED = '.staged';
/** Of versions before, which wrote several files at once. */
const STAGED_FOLDER = '.spans';
const STAGED_PART = new RegExp(`^lake_span=${SPAN}/data_\\d+\\.parquet$`);

/** Whether a path in the folder of what is being written is one that a run leaves there. */
export function isStaged(path: string): boolean {
  const [name = '', ...deeper] = path.split('/');
  const isShown = (ending: string): boolean =>
    name.endsWith(ending) && SHOWN_PATH.test(name.slice(0, -ending.length).replaceAll('+', '/'));
  if (deeper.length === 0) return isShown(STAGED);
  return isShown(STAGED_FOLDER) && STAGED_PART.test(deeper.join('/'));
}

/** What a name in the folders says of its rows. */
export function partsOf(shown: string): { table: string; source: string; span: string } {
  const [table = '', source = '', , name = ''] = shown.split('/');
  return { table, source: source.slice('src='.length), span: name.slice(0, -'.parquet'.length) };
}

/** The folder of a table in which a path lies. */
export function tableOf(path: string): string {
  const [first = '', second = ''] = path.split('/');
  return first === FIXED ? second : first;
}
