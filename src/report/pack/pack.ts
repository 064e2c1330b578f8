/** The texts of a pack of evidence that are the same in each: how it is checked. */
import { readFileSync } from 'node:fs';
import { html } from '../html.ts';
import { documentOf, STYLE } from '../page.ts';
import { counted } from '../../platform/counted.ts';

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');

/** The same checks twice, for whoever has a browser and for whoever has a shell. */
export const CHECK_SH = read('check.sh');

export const CHECK_HTML = documentOf({
  title: 'Check this evidence',
  style: STYLE,
  script: `${read('checker.js')}\n${read('checker-page.js')}`,
  body: html`<div class="sheet plain">
    <main>
      <header class="top">
        <p class="brand">auditlake</p>
        <h1>Check this evidence</h1>
      </header>
      <section aria-labelledby="how">
        <h2 id="how">Choose the folder</h2>
        <p>
          Everything is checked in this browser; nothing leaves it. Give the public key that you
          trust, which you got by other means than with this folder. Without one, this shows only
          that the folder is consistent in itself, which anybody can make.
        </p>
        <p>
          <label for="key">Trusted public key, 64 hex digits</label><br /><input
            id="key"
            size="66"
            spellcheck="false"
            autocomplete="off"
          />
        </p>
        <p>
          <label for="folder">The folder that this page is in</label><br /><input
            id="folder"
            type="file"
            webkitdirectory
            multiple
          />
        </p>
      </section>
      <section aria-labelledby="found">
        <h2 id="found">What was found</h2>
        <div id="result" tabindex="-1" aria-live="polite">
          <p class="none">Nothing was checked yet.</p>
        </div>
      </section>
    </main>
  </div>`,
});

export function readmeOf(about: {
  period: string;
  cited: number;
  /** That signed the manifest. */
  key: string | null;
  hasKeys: boolean;
}): string {
  const { period, cited, key, hasKeys } = about;
  return `Evidence from auditlake, ${period}

report.html   the report; any browser, also without a network
proofs/       that ${eachOf(cited)} is in the archive: one file for all events of a batch
${hasKeys ? 'keys/         the public keys that signed, as files are named\n' : ''}manifest.txt  the SHA-256 of every file${key === null ? '; it is not signed' : '; manifest.sig is its signature'}
check.html    checks all of it in a browser: open it, choose this folder
check.sh      the same in a shell: sh check.sh${hasKeys ? ' KEY.pem' : ''}

${vouched(key, hasKeys)}
`;
}

function eachOf(cited: number): string {
  const named = `${counted(cited, 'event')} which the report names`;
  return cited === 1 ? `the ${named}` : `each of the ${named}`;
}

/** What the folder shows, and what it cannot. */
function vouched(key: string | null, hasKeys: boolean): string {
  const ask =
    'Ask whoever gave you this for their public key by other means, such as by telephone or from their web site.';
  if (key !== null) return `${ask}\nIt should be ${key}.`;
  if (hasKeys) {
    return `${ask}\nThe ledger is signed by a key in keys/; the manifest, and with it the report, is signed by none.`;
  }
  return `No key has signed any of it. The checks show that the files fit together: that no file was changed after the folder was
made, and that the records are in the batches whose hashes the ledger lines have. They do not show who made the folder, nor that
the records are the vendor's: anybody can make such a folder. What vouches for it is a head of the ledger that was kept elsewhere
at the time; report.html has the heads to compare it with.`;
}
