// The sweep as a table: one axis across, one down, in each cell the picture and the terms of its rows.
const MOST_CELLS = 2_500;
const MOST_IN_CELL = 3;

const drawGrid = (list) => {
  const { across, down } = view;
  const cells = new Map();
  const used = { columns: new Set(), lines: new Set() };
  for (const row of list) {
    const [column, line] = [across.at[row], down === null ? 0 : down.at[row]];
    if (column < 0 || line < 0) continue;
    used.columns.add(column);
    used.lines.add(line);
    const key = `${line} ${column}`;
    if (!cells.has(key)) cells.set(key, []);
    cells.get(key).push(row);
  }
  const inOrderOfAxis = (indices) => [...indices].sort((a, b) => a - b);
  const columns = inOrderOfAxis(used.columns);
  const lines = inOrderOfAxis(used.lines);
  const table = byId('grid');
  shownRows = [];
  if (columns.length * lines.length > MOST_CELLS || columns.length === 0) {
    table.replaceChildren();
    byId('grid-part').hidden = true;
    byId('no-cells').hidden = false;
    byId('no-cells').textContent =
      columns.length === 0
        ? 'No row has these values.'
        : `A grid of ${count(columns.length)} × ${count(lines.length)} cells is too large to show. Choose other axes or the scatter.`;
    return;
  }
  const caption = element('caption');
  const title = element('span', 'wrap');
  title.append(element('b', '', across.name), ' across');
  if (down !== null) title.append(', ', element('b', '', down.name), ' down');
  caption.append(title, element('small', '', 'Arrow keys move between the pictures, Enter opens one, Tab reaches its check box.'));
  const head = element('tr');
  const heading = (text, scope) => {
    const cell = element('th', scope === 'col' && text === '' ? 'corner' : '', text);
    cell.scope = scope;
    return cell;
  };
  if (down !== null) head.append(element('td', 'corner', `${down.name}\u00a0↓ ${across.name}\u00a0→`));
  head.append(...columns.map((column) => heading(across.labels[column], 'col')));
  const buttons = new Map(); // by line and column
  const body = element('tbody');
  lines.forEach((line, y) => {
    const tableRow = element('tr');
    if (down !== null) tableRow.append(heading(down.labels[line], 'row'));
    columns.forEach((column, x) => {
      const cell = element('td');
      const inCell = cells.get(`${line} ${column}`) ?? [];
      inCell.slice(0, MOST_IN_CELL).forEach((row, index) => {
        const frame = sweepCell(row, inCell.length > 1 ? otherText(row) : '');
        cell.append(frame);
        shownRows.push(row);
        if (index === 0) {
          frame.dataset.x = x;
          frame.dataset.y = y;
          buttons.set(`${y} ${x}`, frame);
        }
      });
      if (inCell.length === 0) cell.append(element('span', 'absent', 'no row'));
      if (inCell.length > MOST_IN_CELL) cell.append(element('small', 'more-rows', `${inCell.length - MOST_IN_CELL} more rows`));
      tableRow.append(cell);
    });
    body.append(tableRow);
  });
  const header = element('thead');
  header.append(head);
  table.replaceChildren(caption, header, body);
  table.style.setProperty('--columns', Math.max(2, columns.length));
  moveWithArrows(body, buttons, columns.length, lines.length);
};
const otherText = (row) =>
  otherAxes()
    .filter((axis) => axis.at[row] >= 0)
    .map((axis) => `${axis.name} ${axis.labels[axis.at[row]]}`)
    .join(', ');

// Only one cell can be reached with Tab, with its button and its check box.
const moveWithArrows = (body, frames, columns, lines) => {
  const reach = (frame, isReached) => {
    for (const control of all('button, input', frame)) control.tabIndex = isReached ? 0 : -1;
  };
  for (const frame of frames.values()) reach(frame, false);
  let current = frames.values().next().value;
  reach(current, true);
  body.addEventListener('focusin', (event) => {
    const frame = event.target.closest('.sweep-frame[data-x]');
    if (!frame || frame === current) return;
    reach(current, false);
    current = frame;
    reach(current, true);
  });
  body.addEventListener('keydown', (event) => {
    const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key] ?? [0, 0];
    const from = event.target.closest('.sweep-frame[data-x]');
    if (!from || (dx === 0 && dy === 0)) return;
    let [x, y] = [Number(from.dataset.x) + dx, Number(from.dataset.y) + dy];
    while (x >= 0 && x < columns && y >= 0 && y < lines && !frames.has(`${y} ${x}`)) {
      x += dx;
      y += dy;
    }
    const to = frames.get(`${y} ${x}`);
    event.preventDefault(); // the page does not scroll
    if (to) to.querySelector('button').focus();
  });
};
