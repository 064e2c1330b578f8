/** Tables of the report can be sorted and filtered. Without this script they are as they were written. */
const FEW = 8;
const RANK = { low: 1, medium: 2, high: 3, critical: 4 };
const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

function textOf(row, index) {
  return row.cells[index].textContent.trim();
}

function numberOf(row, index) {
  const value = Number.parseFloat(textOf(row, index).replaceAll(',', ''));
  return Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value;
}

function rankOf(row, index) {
  return RANK[textOf(row, index)] ?? 0;
}

/** By what a column's values are compared. */
function compare(kind, index, a, b) {
  if (kind === 'number' || kind === 'amount') return numberOf(a, index) - numberOf(b, index);
  if (kind === 'severity') return rankOf(a, index) - rankOf(b, index);
  return collator.compare(textOf(a, index), textOf(b, index));
}

function makeSortable(table) {
  const [body] = table.tBodies;
  const heads = [...table.tHead.rows[0].cells];
  for (const [index, head] of heads.entries()) {
    const button = document.createElement('button');
    button.type = 'button';
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener('click', () => {
      const sign = head.getAttribute('aria-sort') === 'ascending' ? -1 : 1;
      for (const other of heads) other.removeAttribute('aria-sort');
      head.setAttribute('aria-sort', sign === 1 ? 'ascending' : 'descending');
      const { kind } = head.dataset;
      body.append(...[...body.rows].toSorted((a, b) => sign * compare(kind, index, a, b)));
    });
  }
}

function makeFilterable(table, number) {
  const rows = [...table.tBodies[0].rows];
  if (rows.length <= FEW) return;
  const bar = document.createElement('div');
  bar.className = 'filter';
  const label = document.createElement('label');
  label.textContent = 'Filter';
  const input = document.createElement('input');
  input.type = 'search';
  input.id = `filter-${number}`;
  label.htmlFor = input.id;
  input.setAttribute('aria-label', `Filter: ${table.caption.textContent}`);
  // An output says aloud what changes in it.
  const shown = document.createElement('output');
  const all = `${rows.length} ${rows.length === 1 ? 'row' : 'rows'}`;
  shown.textContent = all;
  bar.append(label, input, shown);
  table.parentElement.before(bar);
  input.addEventListener('input', () => {
    const words = input.value.toLowerCase().split(/\s+/);
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
    }
    const count = rows.filter((row) => !row.hidden).length;
    shown.textContent = `${count} of ${all}`;
  });
}

for (const [number, table] of document.querySelectorAll('.table > table').entries()) {
  makeSortable(table);
  makeFilterable(table, number);
}

// Paper shows all there is.
addEventListener('beforeprint', () => {
  for (const details of document.querySelectorAll('details')) details.open = true;
});
