/**
 * The tables of a document: each with its topic in few words, a heading, figures and columns. What was left out has none.
 */
import {
  LATENCY_FIGURES,
  NIGHT_FIGURES,
  NO_NEWS_FIGURES,
  OTHERS_FIGURES,
  QUIET_NIGHT_FIGURES,
  SIZE_FIGURES,
} from './figures.mjs';
import { count } from './show.mjs';

export const sizeName = ({ events }) => `${count(events)} events`;
const laneName = ({ concurrency }) => `concurrency ${concurrency}`;

export function sections({ sizes, nights, no_news: noNews, latency, quiet_night: quiet }) {
  const [first] = sizes;
  const others = first?.others ?? [];
  const all = [
    {
      topic: 'first sync',
      heading: 'a first sync, no latency, all on this machine',
      figures: SIZE_FIGURES,
      columns: sizes,
      nameOf: sizeName,
    },
    {
      topic: 'others',
      heading: `${first === undefined ? '' : sizeName(first)} by others, in the same run`,
      figures: OTHERS_FIGURES,
      columns: others.length === 0 ? [] : [own(first), ...others],
      nameOf: ({ name }) => name,
    },
    {
      topic: 'night',
      heading: `a night with ${count(nights[0]?.new_events ?? 0)} new events, on a history`,
      figures: NIGHT_FIGURES,
      columns: nights,
      nameOf: (column) => `of ${sizeName(column)}`,
    },
    {
      topic: 'night without news',
      heading: 'a night without news, by the number of batch files',
      figures: NO_NEWS_FIGURES,
      columns: noNews,
      nameOf: ({ earlier_batches: many }) =>
        many === 0 ? 'new home' : `${count(many)} of 3 years`,
    },
    {
      topic: 'slow vendor',
      heading: `${count(latency?.events ?? 0)} events, ${latency?.latency_ms} ms for each answer`,
      figures: LATENCY_FIGURES,
      columns: latency?.runs ?? [],
      nameOf: laneName,
    },
    {
      topic: 'quiet night of Devin',
      heading: `a quiet night of a Devin source with ${quiet?.streams} streams, ${quiet?.latency_ms} ms for each answer`,
      figures: QUIET_NIGHT_FIGURES,
      columns: quiet?.runs ?? [],
      nameOf: laneName,
    },
  ];
  return all.filter(({ columns }) => columns.length > 0);
}

function own({ events, sync: { seconds, cpu, peak }, bytes_per_event: { lake } }) {
  return { name: 'auditlake: archive, warehouse, Parquet', events, seconds, cpu, peak, lake };
}
