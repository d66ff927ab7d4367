// Loss curves. In the charts of several rows, one row is highlighted in each. It is drawn on a separate layer, so that
// the browser need not repaint the other curves.
const svg = (name, attributes = {}, text = '') => {
  const created = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const key of Object.keys(attributes)) created.setAttribute(key, attributes[key]);
  created.textContent = text;
  return created;
};
let overlays = [];
let strongest = '';
const makeOverlay = (drawing) => {
  const curves = new Map(all('.curve', drawing).map((curve) => [curve.dataset.row, curve]));
  const layer = svg('svg', { class: 'curves overlay', viewBox: drawing.getAttribute('viewBox'), preserveAspectRatio: 'none', 'aria-hidden': 'true' });
  drawing.after(layer);
  const lines = ['halo', 'strong'].map((name) => ({ name, line: layer.appendChild(svg('polyline')) }));
  return (row) => {
    const curve = curves.get(row);
    for (const { name, line } of lines) {
      line.setAttribute('class', curve ? `${curve.getAttribute('class')} ${name}` : name);
      line.setAttribute('points', curve ? curve.getAttribute('points') : '');
    }
  };
};
const highlight = (row) => {
  if (row === strongest) return;
  strongest = row;
  for (const overlay of overlays) overlay(row);
  const chosen = byId('chosen');
  if (chosen) chosen.value = row;
};

// The point of a curve that is nearest to a position in the plot, in coordinates from 0 to 1000.
const nearest = (curves, x, y, aspect) => {
  let best = null;
  for (const { row, name, points } of curves) {
    for (const [pointX, pointY] of points) {
      const distance = Math.hypot((pointX - x) * aspect, pointY - y);
      if (best === null || distance < best.distance) best = { row, name, x: pointX, y: pointY, distance };
    }
  }
  return best;
};
const readCurve = (curve) => ({
  row: curve.dataset.row,
  name: curve.dataset.name,
  points: curve.getAttribute('points').split(' ').map((point) => point.split(',').map(Number)),
});
const listenToPlot = (plot, linked) => {
  const drawing = plot.querySelector('.curves');
  const readout = plot.querySelector('.readout');
  const { last, low, high } = plot.dataset;
  let curves = null; // read on the first pointer event
  const at = (event) => {
    curves ??= all('.curve[data-row]', plot).map(readCurve);
    const box = drawing.getBoundingClientRect();
    const x = (1000 * (event.clientX - box.left)) / box.width;
    const y = (1000 * (event.clientY - box.top)) / box.height;
    return nearest(curves, x, y, box.width / box.height);
  };
  drawing.addEventListener('pointermove', (event) => {
    const near = at(event);
    if (!near || near.distance > 120) {
      readout.textContent = '';
      return;
    }
    const iteration = Math.round((near.x / 1000) * last);
    const loss = low * Math.pow(high / low, 1 - near.y / 1000);
    readout.textContent = `${linked ? rows.id[near.row] : near.name}: ${number(loss)} at ${iteration}`;
    if (linked) highlight(near.row);
  });
  drawing.addEventListener('pointerleave', () => (readout.textContent = ''));
  if (linked) {
    drawing.addEventListener('click', (event) => {
      const near = at(event);
      if (near) open(Number(near.row));
    });
  }
};

// Draws the chart of one row in the same form as the template does.
const plot = (chart, label) => {
  const figure = element('figure', 'plot');
  Object.assign(figure.dataset, { last: chart.lastIteration, low: chart.low, high: chart.high });
  const yAxis = svg('svg', { class: 'y-axis', 'aria-hidden': 'true' });
  yAxis.append(...chart.yTicks.map((tick) => svg('text', { x: '100%', y: `${tick.at / 10}%`, dx: -8, dy: '0.35em' }, tick.label)));
  const xAxis = svg('svg', { class: 'x-axis', 'aria-hidden': 'true' });
  xAxis.append(...chart.xTicks.map((tick) => svg('text', { x: `${tick.at / 10}%`, y: '1.2em' }, tick.label)));
  const drawing = svg('svg', { class: 'curves', viewBox: '0 0 1000 1000', preserveAspectRatio: 'none', role: 'img', 'aria-label': label });
  const grid = drawing.appendChild(svg('g', { class: 'grid' }));
  grid.append(...chart.yTicks.map((tick) => svg('line', { x1: 0, x2: 1000, y1: tick.at, y2: tick.at })));
  const scales = drawing.appendChild(svg('g', { class: 'scales' }));
  scales.append(...chart.scales.map((mark) => svg('line', { x1: mark.at, x2: mark.at, y1: 0, y2: 1000 })));
  drawing.append(
    ...chart.curves.map((curve) => svg('polyline', { class: `curve ${curve.name}`, 'data-row': curve.row, 'data-name': curve.name, points: curve.points })),
  );
  const readout = element('p', 'readout');
  readout.setAttribute('aria-hidden', 'true');
  figure.append(element('figcaption', '', chart.title), yAxis, drawing, xAxis, readout);
  listenToPlot(figure, false);
  return figure;
};
const legend = (chart) => {
  const list = element('ul', 'legend');
  list.setAttribute('aria-hidden', 'true');
  list.append(...chart.curves.map((curve) => element('li', curve.name, curve.name)));
  return list;
};
const listenToCurves = () => {
  overlays = all('#losses .curves').map(makeOverlay);
  for (const figure of all('#losses .plot')) listenToPlot(figure, true);
  const chosen = byId('chosen');
  if (chosen) chosen.addEventListener('change', () => highlight(chosen.value));
};
