import { z } from 'zod';
import { askDocument } from '../documents/ask.ts';
import { checkDocument } from '../documents/check.ts';
import { deliverDocument } from '../documents/deliver.ts';
import { detectDocument, detectionsDocument } from '../documents/detect.ts';
import { errorDocument } from '../documents/error.ts';
import { previewDocument } from '../documents/preview.ts';
import { proofCheckDocument, proofDocument } from '../documents/proof.ts';
import { pruneDocument, pruneLakeDocument } from '../documents/prune.ts';
import { queryDocument } from '../documents/query.ts';
import { rebuildDocument } from '../documents/rebuild.ts';
import { reportDocument } from '../documents/report.ts';
import { runDocument } from '../documents/run.ts';
import { sandboxDocument } from '../documents/sandbox.ts';
import { scheduleDocument } from '../documents/schedule.ts';
import { statusDocument } from '../documents/status.ts';
import { verifyDocument } from '../documents/verify.ts';
import { code, table } from './markdown.ts';

type Published = { of: readonly string[]; is: string; schema: z.ZodType };

/** Every document of `--json`, by the name of its schema: which commands print it, and what it is. */
export const DOCUMENTS: Readonly<Record<string, Published>> = {
  run: {
    of: ['sync', 'backfill'],
    is: 'what a run read, loaded and delivered',
    schema: runDocument,
  },
  preview: { of: ['sync --preview'], is: 'what would be stored', schema: previewDocument },
  status: { of: ['status'], is: 'how everything stands', schema: statusDocument },
  query: {
    of: ['query', 'ask QUESTION'],
    is: 'the rows, an array of objects; columns of JSON are JSON, digit for digit',
    schema: queryDocument,
  },
  ask: { of: ['ask'], is: 'the questions that can be asked', schema: askDocument },
  report: { of: ['report'], is: 'where the page was written', schema: reportDocument },
  verify: { of: ['verify'], is: 'what was checked and what is wrong', schema: verifyDocument },
  proof: {
    of: ['verify --event UID --proof FILE'],
    is: 'where the proof of an event was written',
    schema: proofDocument,
  },
  'proof-check': {
    of: ['verify --proof FILE'],
    is: 'what a proof shows',
    schema: proofCheckDocument,
  },
  detect: { of: ['detect'], is: 'what was found, and what is open', schema: detectDocument },
  detections: {
    of: ['detect --list'],
    is: 'which detections there are',
    schema: detectionsDocument,
  },
  deliver: { of: ['deliver'], is: 'what was delivered', schema: deliverDocument },
  rebuild: { of: ['rebuild'], is: 'what was made again', schema: rebuildDocument },
  prune: { of: ['prune'], is: 'what was removed, or would be', schema: pruneDocument },
  'prune-lake': {
    of: ['prune --lake'],
    is: 'what was removed from the lake',
    schema: pruneLakeDocument,
  },
  check: { of: ['check'], is: 'what was tried and how it ended', schema: checkDocument },
  schedule: { of: ['schedule'], is: 'a job that ended; one per line', schema: scheduleDocument },
  sandbox: { of: ['sandbox'], is: 'the variables to set', schema: sandboxDocument },
  error: { of: ['any'], is: 'why a command could not begin or was ended', schema: errorDocument },
};

/** Path below `docs/` to the JSON Schema there. A key that a reader does not know is no mistake: keys are added. */
export function documentSchemas(): Map<string, unknown> {
  return new Map(
    Object.entries(DOCUMENTS).map(([name, { schema }]) => [
      `schemas/${name}.json`,
      z.toJSONSchema(schema, { io: 'input', override: plain }),
    ]),
  );
}

/** Leaves out what `format` and `integer` say by themselves. */
function plain({ jsonSchema }: { jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
}

export function documentTable(): string {
  return table(
    ['command', 'document', 'schema'],
    Object.entries(DOCUMENTS).map(([name, { of, is }]) => [
      of.map((command) => (command === 'any' ? command : code(command))).join(', '),
      is,
      `[${name}](schemas/${name}.json)`,
    ]),
  );
}
