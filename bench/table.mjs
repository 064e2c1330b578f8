/** The figures as a table: for a terminal, or as the README has it. */
import { isMissed } from './judge.mjs';
import { sections, sizeName } from './sections.mjs';
import { count } from './show.mjs';

export function screen(document) {
  const tables = sections(document).map(
    (section) => `${section.heading}\n${aligned(rowsOf(section))}\n`,
  );
  return [machineLine(document), '', ...tables, ...remarks(document)].join('\n');
}

export function markdown(document) {
  const tables = sections(document).map((section) => {
    const rows = rowsOf(section);
    const [head, ...body] = rows.map((row) => `| ${row.join(' | ')} |`);
    const rule = `|${rows[0].map((_, i) => (i < 2 ? ' --- |' : ' ---: |')).join('')}`;
    return [`${capital(section.heading)}:`, '', head, rule, ...body, ''].join('\n');
  });
  return [
    `\`npm run bench\` on ${machineLine(document)}.`,
    '',
    ...tables,
    ...remarks(document).map((line) => `- ${line}`),
  ].join('\n');
}

/** Two drains that differ by more say that something else used the machine meanwhile. */
const DRIFT = 1.25;

function driftLines({ machine, sizes }) {
  const busy =
    machine.load_before > machine.cores / 4
      ? [`NOISY  load was ${machine.load_before.toFixed(1)} before the start`]
      : [];
  const drifted = sizes
    .filter(({ drain: { before, after } }) => Math.max(before / after, after / before) > DRIFT)
    .map(
      (size) =>
        `NOISY  ${sizeName(size)}: drained ${count(Math.round(size.drain.before))} events/s before the sync and ${count(Math.round(size.drain.after))} after it`,
    );
  return [...busy, ...drifted];
}

function machineLine({ machine: { cores, cpu, memory, node } }) {
  return `${cores} cores (${cpu}), ${Math.round(memory / 2 ** 30)} GiB, Node ${node}`;
}

function remarks(document) {
  return [...missLines(document), ...driftLines(document), ...document.notes];
}

function missLines({ misses }) {
  if (misses.length === 0) return ['every limit is kept'];
  return misses.map(({ where, figure, shown, limit, costs }) => {
    const reason =
      costs === undefined
        ? ''
        : `; most of it is: ${costs.name}, ${costs.seconds.toFixed(2)} s, ${Math.round(costs.share * 100)} %`;
    return `MISSED  ${where}: ${figure} ${shown}, limit ${limit}${reason}`;
  });
}

function rowsOf({ figures, columns, nameOf }) {
  const [first] = columns;
  return [
    ['figure', 'limit', ...columns.map(nameOf)],
    ...figures.map((figure) => [
      figure.name,
      figure.limit?.words ?? '',
      ...columns.map((column) => textOf(figure, column, first)),
    ]),
  ];
}

function textOf(figure, column, first) {
  const value = figure.of(column, first);
  if (value === null) return '–';
  return isMissed(figure, column, first) ? `${figure.show(value)} MISSED` : figure.show(value);
}

/** Names to the left, figures to the right. */
function aligned(rows) {
  const widths = rows[0].map((_, i) => Math.max(...rows.map((row) => row[i].length)));
  return rows
    .map((row) =>
      row
        .map((cell, i) => (i < 2 ? cell.padEnd(widths[i]) : cell.padStart(widths[i])))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
