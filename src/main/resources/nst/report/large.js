// The large view of one row.
let current = -1;
let mode = 'result';
let opener = null; // what had the focus before

const cut = (percent) => byId('pair').style.setProperty('--cut', `${percent}%`);
const setMode = (name) => {
  mode = name;
  byId('large').dataset.view = name;
  for (const button of all('[data-mode]')) button.setAttribute('aria-pressed', String(button.dataset.mode === name));
};
const list = (className, items) => {
  const created = element('ul', className);
  tags(created, Object.keys(items), items, Infinity);
  return created;
};

const panelOf = (row) => {
  const panel = byId('panel');
  const inputs = element('div', 'inputs');
  inputs.append(...inputParts(row));
  const values = element('dl', 'facts');
  const saved = measures
    .filter(({ name }) => isNumber(rows[name][row]))
    .map(({ name, label, format }) => [label, format(rows[name][row])]);
  const isMade = isNumber(rows.width[row]);
  if (isMade && !isNumber(rows.total_loss[row])) saved.push(['Losses', 'not measured']);
  const outlier = overview.outliers[row];
  if (outlier) {
    saved.push(['Outlier', `${termLabel(outlier.term)} ${number(rows[outlier.term][row])}; the median of this style and size is ${number(outlier.median)}, the modified z-score ${number(outlier.score)}`]);
  }
  facts(values, saved);
  const parts = [];
  if (rows.code[row]) {
    const failure = element('p', 'banner wrong');
    failure.append(element('strong', '', rows.code[row]), ` ${rows.message[row]}`);
    parts.push(failure);
  }
  parts.push(inputs);
  if (saved.length > 0) parts.push(element('h3', '', 'The saved image'), values);
  const own = valuesOf(rows.own, row);
  if (Object.values(own).some(Boolean)) parts.push(list('own', own));
  const knobs = valuesOf(rows.knobs, row);
  if (Object.values(knobs).some(Boolean)) parts.push(element('h3', '', 'Differs from the run'), list('knobs', knobs));
  const curve = element('div', 'curve-part');
  parts.push(curve);
  if (savedImage(row) && !isFailed(row)) {
    const link = element('a', '', 'Open the saved image');
    link.href = savedImage(row);
    const line = element('p');
    line.append(link);
    parts.push(line);
  }
  const more = element('details');
  more.append(element('summary', '', 'Provenance'));
  const origin = element('dl', 'facts');
  facts(origin, [
    ['Photo', rows.content[row]],
    ...rows.styles[row].map(([uri]) => ['Painting', uri]),
    ...(isMade ? [['Size', `${size(row)} px`], ['Iterations', count(rows.iterations[row])], ['Stopped', rows.stop[row]]] : []),
    ...rows.warnings[row].map((warning) => ['Warning', warning]),
    ['Key', rows.key[row]],
    ['Row', count(row)],
  ]);
  more.append(origin);
  parts.push(more);
  panel.replaceChildren(...parts);
  panel.scrollTop = 0;
  return curve;
};

// The rows through which the arrow keys go: those of the sweep if it was opened there.
const isInSweep = () => opener !== null && opener.closest('#sweep') !== null;
const sequence = () => (isInSweep() && shownRows.includes(current) ? shownRows : found);

const show = async (row) => {
  current = row;
  byId('large-title').textContent = rows.id[row];
  const position = sequence().indexOf(row);
  byId('large-position').textContent = position < 0 ? '' : `${count(position + 1)} of ${count(sequence().length)}`;
  const ratio = rows.width[row] / rows.height[row];
  byId('pair').style.setProperty('--ratio', ratio > 0 ? ratio : 1.5);
  const result = byId('large-result');
  const content = byId('large-content');
  const dialog = byId('large');
  const at = isFailed(row) ? '' : thumbnail(row);
  const photo = input(rows.content[row]);
  result.hidden = !at;
  result.alt = `Result of ${rows.id[row]}`;
  if (at) result.src = at;
  content.alt = `Photo ${fileName(rows.content[row])}`;
  const showPhoto = (source) => {
    content.hidden = !source;
    if (source) content.src = source;
    dialog.classList.toggle('alone', !source || !at);
    if (!at) setMode('content');
  };
  showPhoto(photo);
  const curve = panelOf(row);
  highlight(String(row));
  history.replaceState(null, '', `#large-${row}`); // a link to this picture
  if (!largeRows.has(row)) {
    const whole = at && savedImage(row);
    if (whole) {
      const larger = new Image();
      larger.addEventListener('load', () => current === row && (result.src = larger.src));
      larger.src = whole;
    }
    curve.append(element('p', 'more', 'The curve of this row is only in the table loss.'));
    return;
  }
  const large = await load(`large-${row}`);
  if (current !== row || large === null) return;
  if (large.picture) result.src = address(large.picture.at);
  if (large.content) showPhoto(address(large.content.at));
  if (large.chart) {
    curve.append(
      plot(large.chart, `Loss of the iterates of ${rows.id[row]}, by term`),
      legend(large.chart),
      element('p', 'more', 'The curve shows the iterates of the optimiser. The image is saved from one or several of them, clamped and rounded, so its losses above can differ from the end of the curve.'),
    );
  }
};
const open = (row) => {
  if (!(row >= 0 && row < rows.size)) return;
  setMode('result');
  show(row);
  const dialog = byId('large');
  if (!dialog.open) dialog.showModal();
  byId('next').focus();
};
const openFrom = (row, from) => {
  opener = from;
  open(row);
};
const step = (by) => {
  const list = sequence();
  if (list.length === 0) return;
  setMode('result');
  show(list[(list.indexOf(current) + by + list.length) % list.length]);
};
const listenToLarge = () => {
  const dialog = byId('large');
  const pair = byId('pair');
  const slide = byId('slide');
  document.addEventListener('click', (event) => {
    const button = event.target.closest('[data-open]');
    if (button) openFrom(Number(button.dataset.open), button);
  });
  for (const button of all('[data-mode]')) button.addEventListener('click', () => setMode(button.dataset.mode));
  byId('previous').addEventListener('click', () => step(-1));
  byId('next').addEventListener('click', () => step(1));
  byId('close').addEventListener('click', () => dialog.close());
  slide.addEventListener('input', () => cut(slide.value));
  cut(slide.value);
  dialog.addEventListener('keydown', (event) => {
    if (event.target === slide) return; // there the arrows move the slider
    if (event.key === 'ArrowLeft') step(-1);
    else if (event.key === 'ArrowRight') step(1);
    else return;
    event.preventDefault();
  });
  dialog.addEventListener('close', () => {
    history.replaceState(null, '', `#row-${current}`);
    if (isInSweep()) {
      const cell = opener.dataset.open === String(current) ? opener : document.querySelector(`#sweep .cell[data-open="${current}"]`);
      (cell ?? opener).focus();
    } else if (found.includes(current)) goTo(current);
    opener = null;
  });
  // Dragging over the picture moves the divider, like the slider below it.
  const drag = (event) => {
    if (mode !== 'compare' || event.buttons === 0) return;
    const box = pair.getBoundingClientRect();
    slide.value = (100 * (event.clientX - box.left)) / box.width;
    cut(slide.value);
    event.preventDefault();
  };
  pair.addEventListener('pointerdown', drag);
  pair.addEventListener('pointermove', drag);
};
