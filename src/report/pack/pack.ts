/** The texts of a pack of evidence that are the same in each: how it is checked. */
import { readFileSync } from 'node:fs';
import { html } from '../html.ts';
import { documentOf, STYLE } from '../page.ts';

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
          trust, got on another way than this folder. Without one, this shows only that the folder
          is consistent in itself, which anybody can make.
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

export function readmeOf(about: { period: string; cited: number; key: string | null }): string {
  const { period, cited, key } = about;
  return `Evidence from auditlake, ${period}

report.html   the report; any browser, also without a network
proofs/       that each of the ${cited} events which the report names is in the archive: one file for all events of a batch
keys/         the public keys that signed, as files are named
manifest.txt  the SHA-256 of every file${key === null ? '; it is not signed' : '; manifest.sig is its signature'}
check.html    checks all of it in a browser: open it, choose this folder
check.sh      the same in a shell: sh check.sh KEY.pem

Ask whoever gave you this for their public key on another way, such as by telephone or from their web site.
${key === null ? 'No signing key is configured there, so nothing but a head that was kept elsewhere vouches for it.' : `It should be ${key}.`}
`;
}
