// Charts of rows as points: scales, axes, and points that can be pointed at, clicked and reached with the keyboard.
const MOST_TICKS = 6;

const ends = (values, isUsable) => {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (!isUsable(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : null;
};
const linearTicks = (low, high) => {
  const rough = (high - low) / (MOST_TICKS - 1);
  const decade = Math.pow(10, Math.floor(Math.log10(rough)));
  const step = [1, 2, 5, 10].map((factor) => factor * decade).find((candidate) => candidate >= rough);
  const ticks = [];
  for (let i = Math.ceil(low / step); i * step <= high; i++) ticks.push(Number((i * step).toPrecision(6)));
  return ticks;
};
const logTicks = (low, high) => {
  for (const steps of [[1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 2, 5], [1, 3], [1]]) {
    const ticks = [];
    for (let decade = Math.floor(Math.log10(low)); decade <= Math.log10(high); decade++) {
      for (const step of steps) {
        const tick = Number((step * Math.pow(10, decade)).toPrecision(6));
        if (tick >= low && tick <= high) ticks.push(tick);
      }
    }
    if (ticks.length >= 2 && ticks.length <= MOST_TICKS) return ticks;
  }
  return [low, high];
};

// A scale from numbers to positions from 0 to 1, with a margin at both ends. Null if there is no number.
const numberScale = (values, isLogarithmic) => {
  const range = ends(values, (value) => isNumber(value) && (!isLogarithmic || value > 0));
  if (range === null) return null;
  const to = isLogarithmic ? Math.log : (value) => value;
  const from = isLogarithmic ? Math.exp : (value) => value;
  let [low, high] = range.map(to);
  const air = high > low ? 0.06 * (high - low) : isLogarithmic ? 0.5 : Math.abs(high) / 2 || 1;
  low -= air;
  high += air;
  const at = (value) => (isNumber(value) && (!isLogarithmic || value > 0) ? (to(value) - low) / (high - low) : null);
  const ticks = (isLogarithmic ? logTicks : linearTicks)(from(low), from(high));
  return { at, ticks: ticks.map((tick) => ({ at: at(tick), label: number(tick) })) };
};
const labelScale = (labels) => {
  const at = (index) => (index < 0 ? null : (index + 0.5) / labels.length);
  const every = Math.ceil(labels.length / MOST_TICKS);
  return { at, ticks: labels.map((label, index) => ({ at: at(index), label })).filter((_, index) => index % every === 0) };
};
const axisScale = (axis) => (axis.numbers.length > 0 ? numberScale(axis.numbers, axis.logarithmic) : labelScale(axis.labels));
const axisPosition = (axis, scale) => (row) => (axis.at[row] < 0 ? null : scale.at(axis.numbers.length > 0 ? axis.numbers[axis.at[row]] : axis.at[row]));
const termScale = (name, list) => {
  const values = list.map((row) => rows[name][row]).filter(isNumber);
  return numberScale(values, values.every((value) => value > 0));
};
const termsText = (row) =>
  ['content_loss', 'style_loss', 'tv_loss']
    .filter((name) => isNumber(rows[name][row]))
    .map((name) => `${termLabel(name)} ${number(rows[name][row])}`)
    .join(', ');

// Marks a row in all parts of the sweep.
const markRow = (row) => {
  for (const marked of all('#sweep .marked')) marked.classList.remove('marked');
  if (row !== null) for (const found of all(`#sweep [data-open="${row}"]`)) found.classList.add('marked');
};

// The arrow keys move between buttons in a list, of which one can be reached with Tab.
const rove = (container, buttons) => {
  buttons.forEach((button, index) => (button.tabIndex = index === 0 ? 0 : -1));
  container.addEventListener('keydown', (event) => {
    const by = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
    const next = by && buttons[buttons.indexOf(event.target) + by];
    if (!next) return;
    event.target.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
    event.preventDefault();
  });
};

const pointButton = (row, x, y, hasPicture) => {
  const button = element('button', hasPicture ? 'point with-picture' : 'point');
  button.type = 'button';
  button.dataset.open = row;
  button.setAttribute('aria-haspopup', 'dialog');
  button.setAttribute('aria-label', `${rows.id[row]}: ${termsText(row) || rows.status[row]}`);
  button.style.setProperty('--x', x);
  button.style.setProperty('--y', y);
  button.classList.toggle('on-front', front.has(row));
  button.classList.toggle('picked', picked.has(row));
  const at = hasPicture && !isFailed(row) ? thumbnail(row) : '';
  if (at) {
    const image = element('img');
    image.loading = 'lazy';
    image.alt = '';
    image.src = at;
    button.append(image);
  }
  return button;
};

/*
 * Draws rows as points. "rows": the rows; "x" and "y": {name, scale, at}, where at gives the position of a row or null;
 * "buttons": the rows that the keyboard reaches, the others are dots; "pictures": whether buttons have pictures;
 * "lines": lists of rows to connect.
 */
const pointChart = ({ caption, label, list, x, y, buttons = [], pictures = false, lines = [] }) => {
  const figure = element('figure', 'plot point-plot');
  const place = (row) => {
    const [across, up] = [x.at(row), y.at(row)];
    return across === null || up === null ? null : [1000 * across, 1000 - 1000 * up];
  };
  const places = new Map(list.map((row) => [row, place(row)]).filter(([, at]) => at !== null));
  const text = (row) => places.get(row).map((value) => Math.round(value)).join(' ');
  const yAxis = svg('svg', { class: 'y-axis', 'aria-hidden': 'true' });
  yAxis.append(...y.scale.ticks.map((tick) => svg('text', { x: '100%', y: `${100 - 100 * tick.at}%`, dx: -8, dy: '0.35em' }, tick.label)));
  const xAxis = svg('svg', { class: 'x-axis', 'aria-hidden': 'true' });
  xAxis.append(...x.scale.ticks.map((tick) => svg('text', { x: `${100 * tick.at}%`, y: '1.2em' }, tick.label)));
  const drawing = svg('svg', { class: 'curves', viewBox: '0 0 1000 1000', preserveAspectRatio: 'none', role: 'img', 'aria-label': label });
  const grid = drawing.appendChild(svg('g', { class: 'grid' }));
  grid.append(...y.scale.ticks.map((tick) => svg('line', { x1: 0, x2: 1000, y1: 1000 - 1000 * tick.at, y2: 1000 - 1000 * tick.at })));
  for (const line of lines) {
    const points = line.filter((row) => places.has(row)).map(text);
    if (points.length > 1) drawing.append(svg('polyline', { class: 'link', points: points.join(' ') }));
  }
  const isButton = new Set(buttons);
  const dots = [...places.keys()].filter((row) => !isButton.has(row)).map((row) => `M${text(row)}h0`);
  drawing.append(svg('path', { class: 'dots', d: dots.join('') || 'M0 0' }));
  const layer = element('div', 'points');
  const reachable = buttons.filter((row) => places.has(row)).map((row) => pointButton(row, places.get(row)[0] / 1000, 1 - places.get(row)[1] / 1000, pictures));
  layer.append(...reachable);
  rove(layer, reachable);
  const readout = element('p', 'readout');
  readout.setAttribute('aria-hidden', 'true');
  figure.append(element('figcaption', '', caption), yAxis, drawing, layer, xAxis, element('p', 'axis-name', x.name), readout);
  const tell = (row) => {
    readout.textContent = row === null ? '' : `${rows.id[row]}: ${termsText(row)}`;
    markRow(row);
  };
  const nearestRow = (event) => {
    const box = drawing.getBoundingClientRect();
    const [across, down] = [event.clientX - box.left, event.clientY - box.top];
    let best = null;
    for (const [row, at] of places) {
      const distance = Math.hypot((at[0] / 1000) * box.width - across, (at[1] / 1000) * box.height - down);
      if (distance < (best?.distance ?? 24)) best = { row, distance };
    }
    return best?.row ?? null;
  };
  layer.addEventListener('pointermove', (event) => tell(event.target.dataset.open ? Number(event.target.dataset.open) : nearestRow(event)));
  layer.addEventListener('pointerleave', () => tell(null));
  layer.addEventListener('focusin', (event) => tell(Number(event.target.dataset.open)));
  layer.addEventListener('focusout', () => tell(null));
  layer.addEventListener('click', (event) => {
    if (event.target.closest('[data-open]')) return; // the large view listens to buttons
    const row = nearestRow(event);
    if (row !== null) openFrom(row, layer);
  });
  return figure;
};
