import { html, type Html } from '../html.ts';
import type { LedgerState, Section } from '../section.ts';
import { shortInstant } from '../table.ts';
import { counted } from '../../platform/counted.ts';

/** What shows that nothing was changed or cut off since, and how whoever reads this checks it. */
export const heads: Section = {
  id: 'heads',
  title: 'How to check this',
  async read({ ledger }) {
    if (ledger.head === null) return html`<p class="none">The archive has no line yet.</p>`;
    const { seq, at, sha256, home, key } = ledger.head;
    return html`<p>
        Every event here is a record of an append-only archive: its ledger names the SHA-256 of
        every batch, and each line names the line before. Who keeps the head below, keeps a seal
        over all of it.
      </p>
      <dl class="facts">
        <div>
          <dt>Home</dt>
          <dd><code>${home}</code></dd>
        </div>
        <div>
          <dt>Head</dt>
          <dd>line ${seq} of ${shortInstant(at)} UTC<br /><code>${sha256}</code></dd>
        </div>
        <div>
          <dt>Signed by</dt>
          <dd>
            ${key === undefined ? 'nobody: no signing key is configured, so only a head that was kept elsewhere vouches for it' : html`<code>${key}</code>`}
          </dd>
        </div>
        <div>
          <dt>Trusted keys</dt>
          <dd>
            ${ledger.trustedKeys.length === 0 ? 'none is configured' : ledger.trustedKeys.map((trusted) => html`<code>${trusted}</code> `)}
          </dd>
        </div>
        <div>
          <dt>Last verified as a whole</dt>
          <dd>${verified(ledger)}</dd>
        </div>
      </dl>
      <p>Whether the archive is as it was committed, and whether one event is in it:</p>
      <pre><code>auditlake verify --head heads.ndjson
auditlake verify --event UID --proof event.proof.json</code></pre>`;
  },
};

function verified({ verified: last, head }: LedgerState): Html {
  if (last === null) return html`never, by this home’s own note: <code>auditlake verify</code>`;
  const behind = (head?.seq ?? last.seq) - last.seq;
  return html`${shortInstant(last.at)} UTC, up to line
  ${last.seq}${behind > 0 ? html`; ${counted(behind, 'line')} came since` : null}`;
}
