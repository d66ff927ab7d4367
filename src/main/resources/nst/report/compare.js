// Two to four pictures side by side, with one zoom for all, and a table of what differs.
const MOST_ZOOM = 16;
const zoom = { level: 1, x: 0, y: 0 }; // x and y: the place of the pictures' corner, in widths and heights of a pane

const showZoom = () => {
  const within = (value) => Math.min(0, Math.max(1 - zoom.level, value));
  zoom.x = within(zoom.x);
  zoom.y = within(zoom.y);
  const panes = byId('panes');
  panes.style.setProperty('--zoom', zoom.level);
  panes.style.setProperty('--x', zoom.x);
  panes.style.setProperty('--y', zoom.y);
  byId('zoom-level').textContent = `${Number(zoom.level.toFixed(1))}×`;
  byId('zoom-out').disabled = zoom.level === 1;
  byId('zoom-in').disabled = zoom.level === MOST_ZOOM;
};
// Zooms by a factor and keeps a point of a pane in its place; its coordinates are from 0 to 1.
const zoomBy = (factor, x = 0.5, y = 0.5) => {
  const level = Math.min(MOST_ZOOM, Math.max(1, zoom.level * factor));
  const by = level / zoom.level;
  Object.assign(zoom, { level, x: x - (x - zoom.x) * by, y: y - (y - zoom.y) * by });
  showZoom();
};
const moveBy = (x, y) => {
  zoom.x += x;
  zoom.y += y;
  showZoom();
};
const fit = () => {
  Object.assign(zoom, { level: 1, x: 0, y: 0 });
  showZoom();
};

const pane = (row) => {
  const figure = element('figure', 'pane');
  const frame = element('div', 'pane-frame');
  const at = isFailed(row) ? '' : thumbnail(row);
  if (at) {
    const image = element('img');
    image.alt = `Result of ${rows.id[row]}`;
    image.draggable = false;
    image.src = at;
    const replace = (source) => {
      const larger = new Image();
      larger.addEventListener('load', () => (image.src = larger.src));
      larger.src = source;
    };
    // First the large picture of the page, then the saved image, which has all pixels for the zoom.
    if (largeRows.has(row)) load(`large-${row}`).then((large) => large?.picture && replace(address(large.picture.at)));
    if (savedImage(row)) replace(savedImage(row));
    frame.append(image);
  } else {
    frame.append(element('span', 'absent', rows.code[row] || rows.status[row].toUpperCase()));
  }
  const caption = element('figcaption', '', rows.id[row]);
  caption.append(element('small', '', termsText(row)));
  figure.append(frame, caption);
  return figure;
};

const compare = () => {
  const list = inOrder();
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
  const differing = Object.keys(rows.knobs).filter((name) => new Set(list.map((row) => rows.knobs[name][row] ?? '')).size > 1);
  // A weighted total cannot be compared between rows with other weights.
  const hasOtherWeights = differing.some((name) => name.endsWith('_weight'));
  const measured = measures.filter(
    ({ name }) => list.some((row) => isNumber(rows[name][row])) && !(hasOtherWeights && ['total_loss', 'left'].includes(name)),
  );
  byId('panes').dataset.count = list.length;
  byId('panes').replaceChildren(...list.map(pane));
  byId('comparison').replaceChildren(
    head,
    texts('photo', (row) => fileName(rows.content[row])),
    texts('style', styleName),
    ...measured.map(({ name, label, format }) => texts(label, (row) => (isNumber(rows[name][row]) ? format(rows[name][row]) : ''))),
    ...differing.map((knob) => texts(knob, (row) => rows.knobs[knob][row] || 'as in the run')),
    ...Object.keys(rows.own).map((name) => texts(name, (row) => rows.own[name][row] ?? '')),
  );
  fit();
  byId('compare').showModal();
  byId('panes').focus({ preventScroll: true });
};

const listenToCompare = () => {
  const panes = byId('panes');
  byId('compare-selected').addEventListener('click', compare);
  byId('close-compare').addEventListener('click', () => byId('compare').close());
  byId('zoom-in').addEventListener('click', () => zoomBy(1.5));
  byId('zoom-out').addEventListener('click', () => zoomBy(1 / 1.5));
  byId('zoom-fit').addEventListener('click', fit);
  const STEP = 0.1;
  const keys = {
    '+': () => zoomBy(1.5),
    '=': () => zoomBy(1.5),
    '-': () => zoomBy(1 / 1.5),
    0: fit,
    ArrowLeft: () => moveBy(STEP, 0),
    ArrowRight: () => moveBy(-STEP, 0),
    ArrowUp: () => moveBy(0, STEP),
    ArrowDown: () => moveBy(0, -STEP),
  };
  panes.addEventListener('keydown', (event) => {
    if (!keys[event.key] || event.ctrlKey || event.metaKey) return;
    keys[event.key]();
    event.preventDefault();
  });
  const placeIn = (event) => {
    const frame = event.target.closest('.pane-frame');
    const box = frame?.getBoundingClientRect();
    return box ? { frame, x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height, box } : null;
  };
  panes.addEventListener(
    'wheel',
    (event) => {
      const place = placeIn(event);
      if (!place || (zoom.level === 1 && event.deltaY > 0)) return; // the dialog scrolls
      zoomBy(Math.exp(-event.deltaY / 400), place.x, place.y);
      event.preventDefault();
    },
    { passive: false },
  );
  panes.addEventListener('dblclick', (event) => {
    const place = placeIn(event);
    if (place) zoomBy(2, place.x, place.y);
  });
  panes.addEventListener('pointermove', (event) => {
    const place = placeIn(event);
    if (place && event.buttons === 1 && zoom.level > 1) moveBy(event.movementX / place.box.width, event.movementY / place.box.height);
  });
};
