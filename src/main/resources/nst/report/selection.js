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

const compare = () => {
  const list = inOrder();
  const table = byId('comparison');
  const line = (name, cells) => {
    const row = element('tr');
    const head = element('th', '', name);
    head.scope = 'row';
    row.append(head, ...cells);
    return row;
  };
  const texts = (name, value) => {
    const values = list.map(value);
    const differs = new Set(values).size > 1;
    return line(name, values.map((text) => element('td', differs ? 'differs' : '', text)));
  };
  const head = element('tr');
  head.append(
    element('td', '', ''),
    ...list.map((row) => {
      const cell = element('th', '', rows.id[row]);
      cell.scope = 'col';
      return cell;
    }),
  );
  const pictures = list.map((row) => {
    const cell = element('td');
    const at = isFailed(row) ? '' : thumbnail(row);
    if (!at) {
      cell.append(element('span', 'absent', rows.code[row] || rows.status[row].toUpperCase()));
      return cell;
    }
    const image = element('img');
    image.alt = `Result of ${rows.id[row]}`;
    image.src = at;
    if (largeRows.has(row)) load(`large-${row}`).then((large) => large?.picture && (image.src = address(large.picture.at)));
    else if (savedImage(row)) {
      const larger = new Image();
      larger.addEventListener('load', () => (image.src = larger.src));
      larger.src = savedImage(row);
    }
    cell.append(image);
    return cell;
  });
  const measured = measures.filter(({ name }) => list.some((row) => isNumber(rows[name][row])));
  const differing = Object.keys(rows.knobs).filter((name) => new Set(list.map((row) => rows.knobs[name][row] ?? '')).size > 1);
  table.replaceChildren(
    head,
    line('picture', pictures),
    texts('photo', (row) => fileName(rows.content[row])),
    texts('style', styleName),
    ...measured.map(({ name, label, format }) => texts(label, (row) => (isNumber(rows[name][row]) ? format(rows[name][row]) : ''))),
    ...differing.map((knob) => texts(knob, (row) => rows.knobs[knob][row] || 'as in the run')),
    ...Object.keys(rows.own).map((name) => texts(name, (row) => rows.own[name][row] ?? '')),
  );
  byId('compare').showModal();
};

const listenToSelection = () => {
  document.addEventListener('change', (event) => {
    const box = event.target.closest?.('[data-pick]');
    if (box) select(Number(box.dataset.pick), box.checked);
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
  byId('compare-selected').addEventListener('click', compare);
  byId('close-compare').addEventListener('click', () => byId('compare').close());
  const runId = document.body.dataset.run.replace(/[^\w.-]/g, '_');
  byId('download-ids').addEventListener('click', () => download(`${runId}-ids.csv`, idsCsv(inOrder())));
  byId('download-manifest').addEventListener('click', () => download(`${runId}-manifest.csv`, manifestCsv(inOrder())));
  byId('copy-ids').addEventListener('click', async () => {
    const copied = await copy(inOrder().map((row) => rows.id[row]).join('\n'));
    byId('said').textContent = copied ? `${plural(selected.size, 'id')} copied` : 'The browser did not allow it; download them instead.';
  });
};
