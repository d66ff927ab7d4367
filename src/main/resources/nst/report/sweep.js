// The sweep: the axes on which its rows are shown. The files grid.js, scatter.js, front.js and terms.js draw them.
const ANY = -1;
const MOST_SHOWN_VALUES = 100;
const MOST_SHOWN_INPUTS = 25; // photos or paintings that are an axis at first
const view = { across: null, down: null, form: 'grid', kind: 0, others: new Map() };
let sweepRows = [];
let shownRows = []; // the rows of the grid or scatter, in their order

const axisNamed = (name) => sweep.axes.find((axis) => axis.name === name) ?? null;
const otherAxes = () => sweep.axes.filter((axis) => axis !== view.across && axis !== view.down);
const isWanted = (row, axes) =>
  axes.every((axis) => {
    const wanted = view.others.get(axis.name) ?? ANY;
    return wanted === ANY || axis.at[row] === wanted;
  });
// The rows of the grid: those that have the chosen values of all other axes.
const gridRows = () => {
  const axes = otherAxes();
  return sweepRows.filter((row) => isWanted(row, axes));
};
// The rows whose terms are compared: all settings, but only the chosen photo, painting and kind of terms.
const comparedRows = () => {
  const axes = otherAxes().filter((axis) => !axis.setting);
  return sweepRows.filter((row) => sweep.kind[row] === view.kind && isWanted(row, axes));
};

const shortLabel = (name) => (name === 'tv_loss' ? 'tv' : termLabel(name));
// The picture of a row with its terms, as a button, and its check box.
const sweepCell = (row, extra) => {
  const frame = element('div', 'frame sweep-frame');
  const button = element('button', 'cell');
  button.type = 'button';
  button.dataset.open = row;
  button.setAttribute('aria-haspopup', 'dialog');
  const at = isFailed(row) ? '' : thumbnail(row);
  if (at) {
    const image = element('img');
    image.loading = 'lazy';
    image.decoding = 'async';
    image.alt = `Result of ${rows.id[row]}`;
    if (isNumber(rows.width[row])) {
      image.width = rows.width[row];
      image.height = rows.height[row];
    }
    image.src = at;
    button.append(image);
  } else {
    button.append(element('span', 'absent', `${rows.code[row] || rows.status[row].toUpperCase()}: ${rows.id[row]}`));
  }
  const text = element('small');
  for (const name of ['content_loss', 'style_loss', 'tv_loss']) {
    if (isNumber(rows[name][row])) text.append(element('span', '', `${shortLabel(name)} ${number(rows[name][row])}`), ' ');
  }
  if (extra) text.append(element('span', 'values', extra));
  button.append(text);
  const label = element('label', 'pick');
  const box = element('input');
  box.type = 'checkbox';
  box.dataset.pick = row;
  box.checked = selected.has(row);
  label.append(box, element('span', 'hidden', `Select ${rows.id[row]}`));
  const marks = element('span', 'marks');
  if (front.has(row)) marks.append(element('span', 'badge front', 'PARETO'));
  if (picked.has(row)) marks.append(element('span', 'badge picked', 'PICKED'));
  button.append(marks);
  frame.append(button, label);
  return frame;
};
const settingsText = (row) =>
  sweep.axes
    .filter((axis) => axis.setting && axis.at[row] >= 0)
    .map((axis) => `${axis.name} ${axis.labels[axis.at[row]]}`)
    .join(', ');

// The controls.
const offerAxes = () => {
  const options = () => sweep.axes.map((axis) => new Option(`${axis.name} (${count(axis.labels.length)})`, axis.name));
  byId('across').replaceChildren(...options());
  byId('down').replaceChildren(new Option('nothing', ''), ...options());
};
const offerOthers = () => {
  const chooser = (name, labels, chosen, choose, withAny) => {
    const label = element('label', '', `${name} `);
    const select = element('select');
    select.dataset.axis = name;
    if (withAny) select.append(new Option('any', ANY));
    select.append(...labels.map((value, index) => new Option(value, index)));
    select.value = chosen;
    select.addEventListener('change', () => {
      choose(Number(select.value));
      drawSweep();
    });
    label.append(select);
    return label;
  };
  const choosers = otherAxes().map((axis) =>
    chooser(axis.name, axis.labels, view.others.get(axis.name) ?? ANY, (index) => view.others.set(axis.name, index), true),
  );
  if (sweep.kinds.length > 1) choosers.push(chooser('terms', sweep.kinds, view.kind, (index) => (view.kind = index), false));
  byId('others').replaceChildren(...choosers);
};
const chooseAxes = () => {
  const settings = sweep.axes.filter((axis) => axis.setting && axis.labels.length <= MOST_SHOWN_VALUES);
  const byUse = [...(settings.length > 0 && !sweep.sampled ? settings : sweep.axes.filter((axis) => axis.setting))].sort(
    (a, b) => (b.numbers.length > 0) - (a.numbers.length > 0) || (sweep.sampled ? 0 : b.labels.length - a.labels.length),
  );
  view.across = byUse[0];
  view.down = byUse[1] ?? sweep.axes.find((axis) => !axis.setting && axis.labels.length <= MOST_SHOWN_INPUTS) ?? null;
  const isTooLarge = view.across.labels.length * (view.down?.labels.length ?? 1) > MOST_CELLS;
  view.form = sweep.sampled || (isTooLarge && view.down !== null) ? 'scatter' : 'grid';
  const row = sweep.best[0] ?? sweepRows[0];
  view.kind = sweep.kind[row];
  for (const axis of sweep.axes) {
    const isSample = sweep.sampled && axis.numbers.length > 0;
    view.others.set(axis.name, isSample ? ANY : axis.at[row]);
  }
};

const aboutSweep = () => {
  const parts = sweep.axes.map((axis) => `${axis.name} (${count(axis.labels.length)})`);
  const terms = sweep.normalized
    ? 'The terms are unweighted and normalised: shares of their value at a reference, so weights and sizes do not change their meaning.'
    : 'The terms are unweighted, but not all are normalised (loss_normalization), so compare them at one size only.';
  const kinds = sweep.kinds.length > 1 ? ` There are ${sweep.kinds.length} kinds of terms, with other equations, that cannot be compared with each other.` : '';
  byId('sweep-about').textContent = `The rows differ in ${parts.join(', ')}. ${terms}${kinds} All numbers are those of the saved images.`;
};
const drawSweep = () => {
  const list = gridRows();
  byId('across').value = view.across.name;
  byId('down').value = view.down?.name ?? '';
  byId('sweep-view').value = view.form;
  offerOthers();
  byId('grid-part').hidden = view.form !== 'grid';
  byId('scatter-part').hidden = view.form !== 'scatter';
  byId('no-cells').hidden = true;
  if (view.form === 'grid') drawGrid(list);
  else drawScatter(list);
  byId('sweep-shown').textContent = `${count(shownRows.length)} of ${plural(sweepRows.length, 'row')}`;
  drawFront();
  drawTerms();
};
const showNext = () => {
  byId('next-sentences').replaceChildren(...sweep.next.map((sentence) => element('li', '', sentence)));
  byId('next-command').hidden = !sweep.command;
  byId('next-line').textContent = sweep.command;
};
const startSweep = () => {
  if (!byId('sweep') || sweep === null || sweep.axes.length === 0) return;
  sweepRows = Array.from(rows.id.keys()).filter((row) => sweep.kind[row] >= 0);
  offerAxes();
  chooseAxes();
  aboutSweep();
  showNext();
  showPicked();
  drawSweep();
  const choose = (which, other) => {
    const before = view[which];
    view[which] = axisNamed(byId(which).value);
    if (view[which] === view[other]) view[other] = before; // the axes change places
    if (view.across === null) view.across = sweep.axes.find((axis) => axis !== view.down);
    drawSweep();
  };
  byId('across').addEventListener('change', () => choose('across', 'down'));
  byId('down').addEventListener('change', () => choose('down', 'across'));
  byId('sweep-view').addEventListener('change', () => {
    view.form = byId('sweep-view').value;
    drawSweep();
  });
  document.querySelector('.sweep-tools').addEventListener('submit', (event) => event.preventDefault());
  byId('copy-command').addEventListener('click', async () => {
    const copied = await copy(sweep.command);
    byId('command-said').textContent = copied ? 'Copied' : 'The browser did not allow it.';
  });
  byId('sweep').addEventListener('pointerleave', () => markRow(null));
  byId('sweep').addEventListener('pointerover', (event) => {
    const target = event.target.closest('.cell[data-open]');
    if (target) markRow(Number(target.dataset.open));
  });
};
