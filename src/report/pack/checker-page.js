/** What check.html does: reads the folder that is chosen, in this browser alone, and says what it found. */
const byId = (id) => document.getElementById(id);
const MOST_ROWS = 500;

byId('folder').addEventListener('change', ({ target }) => void check(target.files));

async function check(chosen) {
  const result = byId('result');
  const say = (...lines) => result.replaceChildren(...lines);
  say(line('p', 'Checking …'));
  try {
    const files = await Promise.all(
      [...chosen].map(async (file) => ({
        // A folder's files are named with the folder before them.
        name: file.webkitRelativePath.split('/').slice(1).join('/') || file.name,
        bytes: new Uint8Array(await file.arrayBuffer()),
      })),
    );
    const { faults, remarks, events } = await checkPack(
      files,
      byId('key').value.trim().toLowerCase(),
    );
    const isGood = faults.length === 0;
    const isByNobody = remarks.some((text) => text.startsWith('no key has signed'));
    const verdict = isGood
      ? `Nothing was changed. ${events.length === 1 ? '1 event is' : `${events.length} events are`} ${isByNobody ? 'in batches that fit together' : 'proven'}.`
      : `${faults.length === 1 ? '1 fault' : `${faults.length} faults`}: this pack is not what was written.`;
    say(
      line('p', verdict, isGood ? 'says good' : 'says bad'),
      ...remarks.map((text) => line('p', text)),
      list(faults.slice(0, MOST_ROWS).map((text) => line('li', text))),
      list(
        events.slice(0, MOST_ROWS).map(({ uid, time, record, page, seq }) => {
          const item = document.createElement('li');
          const details = document.createElement('details');
          details.append(
            line('summary', `${time ?? 'at an unknown time'} ${uid}`),
            line('p', `ledger line ${seq}; served ${page?.at ?? ''} by ${page?.request ?? ''}`),
            line('pre', record),
          );
          item.append(details);
          return item;
        }),
      ),
      ...(events.length > MOST_ROWS ? [line('p', `and ${events.length - MOST_ROWS} more`)] : []),
    );
  } catch (error) {
    say(
      line(
        'p',
        `This browser could not check it: ${error.message}. check.sh does the same in a shell.`,
        'says bad',
      ),
    );
  }
  result.focus();
}

function list(items) {
  const node = document.createElement('ul');
  node.append(...items);
  return node;
}

function line(tag, text, name = '') {
  const node = document.createElement(tag);
  node.textContent = text;
  node.className = name;
  return node;
}
