// Selected rows: compare them, or take their ids or a manifest for another run.
const selected = new Set();
const MOST_COMPARED = 4;

const showSelection = () => {
  const bar = byId('selection');
  bar.hidden = selected.size === 0;
  byId('selected').textContent = `${count(selected.size)} selected`;
  byId('compare-selected').disabled = selected.size < 2 || selected.size > MOST_COMPARED;
  byId('select-found').textContent = `Select ${plural(found.length, 'row')}`;
  byId('select-found').disabled = found.length === 0;
};
const select = (row, isSelected) => {
  if (isSelected) selected.add(row);
  else selected.delete(row);
  showSelection();
};
const tick = () => {
  for (const box of all('[data-pick]')) box.checked = selected.has(Number(box.dataset.pick));
  showSelection();
};
const inOrder = () => [...selected].sort((a, b) => a - b);

// CSV as in RFC 4180.
const csvCell = (value) => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
const csv = (lines) => lines.map((line) => line.map((value) => csvCell(String(value))).join(',')).join('\r\n') + '\r\n';

const idsCsv = (list) => csv([['id'], ...list.map((row) => [rows.id[row]])]);

// The rows as a manifest, with the columns in which at least one of them differs from the run's values. A row with one
// style and no mask has it in the column style; otherwise the column styles has a JSON array.
const manifestCsv = (list) => {
  const used = (columns) => Object.keys(columns).filter((name) => list.some((row) => columns[name][row]));
  const knobs = used(rows.knobs);
  const own = used(rows.own);
  const isPlain = (row) => rows.styles[row].length === 1 && !rows.styles[row][0][2] && !rows.styles[row][0][3];
  const hasSeveral = !list.every(isPlain);
  const styles = (row) =>
    JSON.stringify(
      rows.styles[row].map(([uri, weight, mask, styleMask]) => ({ uri, weight, ...(mask && { mask }), ...(styleMask && { style_mask: styleMask }) })),
    );
  return csv([
    ['id', 'content', 'style', ...(hasSeveral ? ['styles'] : []), ...knobs, ...own],
    ...list.map((row) => [
      rows.id[row],
      rows.content[row],
      isPlain(row) ? rows.styles[row][0][0] : '',
      ...(hasSeveral ? [isPlain(row) ? '' : styles(row)] : []),
      ...knobs.map((name) => rows.knobs[name][row] ?? ''),
      ...own.map((name) => rows.own[name][row] ?? ''),
    ]),
  ]);
};
const download = (name, text) => {
  const link = element('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/csv' }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
};
const copy = async (text) => {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false; // some browsers do not allow it on pages from disk
  }
};

const listenToSelection = () => {
  document.addEventListener('change', (event) => {
    const box = event.target.closest?.('[data-pick]');
    if (!box) return;
    for (const other of all(`[data-pick="${box.dataset.pick}"]`)) other.checked = box.checked; // a row can be shown in several parts
    select(Number(box.dataset.pick), box.checked);
  });
  byId('select-found').addEventListener('click', () => {
    for (const row of found) selected.add(row);
    tick();
  });
  byId('clear-selection').addEventListener('click', () => {
    selected.clear();
    tick();
    byId('select-found').focus();
  });
  const runId = document.body.dataset.run.replace(/[^\w.-]/g, '_');
  byId('download-ids').addEventListener('click', () => download(`${runId}-ids.csv`, idsCsv(inOrder())));
  byId('download-manifest').addEventListener('click', () => download(`${runId}-manifest.csv`, manifestCsv(inOrder())));
  byId('copy-ids').addEventListener('click', async () => {
    const copied = await copy(inOrder().map((row) => rows.id[row]).join('\n'));
    byId('said').textContent = copied ? `${plural(selected.size, 'id')} copied` : 'The browser did not allow it; download them instead.';
  });
};
