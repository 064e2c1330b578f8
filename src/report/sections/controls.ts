import { html } from '../html.ts';
import type { Section } from '../section.ts';
import { table } from '../table.ts';

/** Which control asks for what, and where this record answers. */
const CONTROLS = [
  {
    control: 'SOC 2 CC6.1, CC6.2, CC6.3',
    asks: 'Access is granted, changed and taken away on purpose, and by few',
    shows: 'Who holds what; Risky changes',
    tables: 'grants, access_grants, admins, users, entity_history, leavers',
    not: 'Who approved it: that is in your ticket system',
  },
  {
    control: 'SOC 2 CC6.6, CC6.7',
    asks: 'Boundaries are protected, and data leaves only where it may',
    shows: 'Risky changes',
    tables: 'audit_events (policy, configuration, data_access)',
    not: 'What a laptop or a network sends past the vendor',
  },
  {
    control: 'SOC 2 CC7.1, CC7.2',
    asks: 'Changes of configuration and unusual activity are watched',
    shows: 'Findings; Risky changes; Coverage',
    tables: 'findings, audit_events, guardrail_violations, anomalies',
    not: 'What the vendor logs nowhere: What is not known',
  },
  {
    control: 'SOC 2 CC7.3, CC7.4',
    asks: 'Events are judged, and incidents are answered',
    shows: 'Findings; Verdict',
    tables: 'findings, audit_events, person_events',
    not: 'The answer itself: that is in your incident tool',
  },
  {
    control: 'ISO/IEC 27001:2022 A.8.15',
    asks: 'Logs are made, kept, protected and analysed',
    shows: 'Coverage; How to check this; What is not known',
    tables: 'coverage, ledger, runs, anomalies',
    not: 'Whether the vendor’s own log is whole',
  },
  {
    control: 'EU AI Act Art. 19',
    asks: 'Providers of high-risk systems keep the logs these make, at least six months',
    shows: 'Coverage; How to check this',
    tables: 'coverage, ledger, work_sessions',
    not: 'Whether a system is high-risk, and logs that stay with its provider',
  },
  {
    control: 'EU AI Act Art. 26(6)',
    asks: 'Deployers keep the logs under their control, at least six months',
    shows: 'Coverage; How to check this',
    tables: 'coverage, ledger, audit_events, work_sessions',
    not: 'Logs that the vendor does not hand over',
  },
];

/** The map for an auditor. It says what the record shows, and is no opinion on whether a control is met. */
export const controls: Section = {
  id: 'controls',
  title: 'Control map',
  async read() {
    return html`<p>
        Which part of this report, and which table behind it, an auditor can rest on. It says what
        the record shows; whether a control is met is for the auditor to judge.
      </p>
      ${table({
        caption: 'Controls and what shows them',
        columns: [
          { key: 'control', title: 'Control' },
          { key: 'asks', title: 'It asks that' },
          { key: 'shows', title: 'See here' },
          { key: 'tables', title: 'Tables', kind: 'code' },
          { key: 'not', title: 'Not shown' },
        ],
        rows: CONTROLS,
        none: '',
      })}`;
  },
};
