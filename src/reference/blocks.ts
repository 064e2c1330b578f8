import { fileSchemaOf } from '../config/file-schema.ts';
import type { Registry } from '../config/registry.ts';
import { sinkSchema } from '../config/sink-schema.ts';
import { sourceSchema } from '../config/source-schema.ts';
import { scheduleSchema } from '../config/schedule-schema.ts';
import { EXIT_MEANING } from '../errors.ts';
import { PUBLIC_TABLES } from '../load/tables.ts';
import { TARGETS } from '../load/tables/targets.ts';
import { questionTable } from './questions.ts';
import { JOBS } from '../schedule/jobs.ts';
import { basesTable } from './bases.ts';
import { columnTable } from './columns.ts';
import { detectionTable } from './detections.ts';
import { documentTable } from './documents.ts';
import { code, table } from './markdown.ts';
import { optionTable } from './options.ts';
import { retentionTable, streamTable, unknownTable } from './streams.ts';

/** A block of a page that is made from declarations. `pageOf` finds the page that has a block, as a link from this page. */
type Block = (registry: Registry, argument: string, pageOf: PageOf) => string;
export type PageOf = (block: string) => string | null;

/** By the name that the page's comments say: `<!-- begin streams acme -->` … `<!-- end -->`. */
export const BLOCKS: Readonly<Record<string, Block>> = {
  settings(registry) {
    const { sources: _, sinks: _s, schedule: _c, ...general } = fileSchemaOf(registry).shape;
    return optionTable(general);
  },

  jobs: () =>
    table(
      ['job', 'runs', 'default', 'what it does'],
      JOBS.map(({ name, run, cron, title }) => [
        code(name),
        code(`auditlake ${run.join(' ')}`),
        cron === false ? 'off' : code(cron),
        title,
      ]),
    ),

  /** `others`: without the cron lines, which the table of jobs has. */
  schedule(_, which) {
    const names = which === 'others' ? JOBS.map(({ name }) => name) : [];
    const options = Object.entries(scheduleSchema.shape).filter(([key]) => !names.includes(key));
    return optionTable(Object.fromEntries(options));
  },

  sources: ({ vendors }, _, pageOf) =>
    vendors
      .map((vendor) => {
        const { type: _t, ...options } = sourceSchema(vendor).shape;
        const page = pageOf(`streams ${vendor.type}`);
        const heading = `### ${vendor.title}: ${code(`type: ${vendor.type}`)}`;
        const guide = page === null ? [] : [`What it reads: [${vendor.title}](${page}).`];
        return [heading, ...guide, optionTable(options)].join('\n\n');
      })
      .join('\n\n'),

  sinks: ({ sinks }, _, pageOf) =>
    table(
      ['type', 'receives', 'guide'],
      sinks.map(({ type, title, receives }) => {
        const page = pageOf(`sink ${type}`);
        const what = receives === 'rows' ? 'rows of tables' : 'archive and lake, file by file';
        return [code(type), what, page === null ? title : `[${title}](${page})`];
      }),
    ),

  sink({ sinks }, type) {
    const { type: _, ...options } = sinkSchema(named(sinks, type)).shape;
    return optionTable(options);
  },

  streams: ({ vendors }, type) => streamTable(named(vendors, type)),

  unknowns: ({ vendors }, type) => unknownTable(named(vendors, type)),

  retentions: ({ vendors }) => retentionTable(vendors),

  bases: ({ vendors }) => basesTable(vendors),

  documents: documentTable,

  questions: questionTable,

  detections: detectionTable,

  columns(_, name) {
    const described = PUBLIC_TABLES.find((each) => each.name === name);
    if (described === undefined) throw new Error(`nothing is described as the table ${name}`);
    return columnTable(described);
  },

  target(_, name) {
    const columns = Object.entries(TARGETS).find(([target]) => target === name)?.[1];
    if (columns === undefined) throw new Error(`no mapping has the target ${name}`);
    return columnTable({ columns });
  },

  exits: () =>
    table(
      ['exit', 'meaning (where several hold: 5 before 1 before 4 before 3 before 0)'],
      Object.entries(EXIT_MEANING).map(([exit, meaning]) => [exit, meaning]),
    ),
};

function named<T extends { type: string }>(list: readonly T[], type: string): T {
  const found = list.find((each) => each.type === type);
  if (found === undefined) throw new Error(`nothing of the type ${type} is registered`);
  return found;
}
