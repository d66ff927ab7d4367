'use strict';
(() => {
  const byId = (id) => document.getElementById(id);
  const all = (selector, within = document) => Array.from(within.querySelectorAll(selector));

  // A picture that several rows share has its bytes in the page once.
  const fill = (within) => {
    for (const image of all('img[data-same]', within)) {
      const source = byId(image.dataset.same);
      if (source) image.src = source.src;
    }
  };
  fill(document);

  for (const table of all('.sweep')) {
    table.style.setProperty('--columns', Math.max(2, table.dataset.columns));
  }

  const sheet = byId('sheet');
  const cards = all('.card', sheet);
  const title = (card) => card.dataset.name;

  // Contact sheet: find, filter, sort.
  const texts = new Map(cards.map((card) => [card, card.textContent.toLowerCase()]));
  const orders = {
    order: (a, b) => a.dataset.row - b.dataset.row,
    name: (a, b) => title(a).localeCompare(title(b), undefined, { numeric: true }),
    loss: (a, b) => a.dataset.loss - b.dataset.loss,
    time: (a, b) => b.dataset.time - a.dataset.time,
  };
  const find = byId('find');
  const sort = byId('sort');
  const arrange = () => {
    const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
    const status = document.querySelector('input[name=status]:checked').value;
    let shown = 0;
    for (const card of cards) {
      const text = texts.get(card);
      card.hidden =
        (status !== '' && card.dataset.status !== status) || !words.every((word) => text.includes(word));
      if (!card.hidden) shown++;
    }
    sheet.append(...cards.slice().sort(orders[sort.value]));
    byId('shown').textContent = shown === cards.length ? `${shown} shown` : `${shown} of ${cards.length} shown`;
    byId('nothing').hidden = shown > 0;
  };
  find.addEventListener('input', arrange);
  sort.addEventListener('change', arrange);
  for (const radio of all('input[name=status]')) radio.addEventListener('change', arrange);
  document.querySelector('.tools').addEventListener('submit', (event) => event.preventDefault());
  arrange(); // browsers restore form values after a reload

  // Loss curves: one row is highlighted in every chart. It is drawn on a separate layer, so that the
  // browser need not repaint the other curves.
  const svg = (name) => document.createElementNS('http://www.w3.org/2000/svg', name);
  const overlays = all('#losses .curves').map((drawing) => {
    const curves = new Map(all('.curve', drawing).map((curve) => [curve.dataset.row, curve]));
    const layer = svg('svg');
    layer.setAttribute('class', 'curves overlay');
    layer.setAttribute('viewBox', drawing.getAttribute('viewBox'));
    layer.setAttribute('preserveAspectRatio', 'none');
    layer.setAttribute('aria-hidden', 'true');
    drawing.after(layer);
    const [halo, strong] = ['halo', 'strong'].map((name) => {
      const line = layer.appendChild(svg('polyline'));
      return { line, name };
    });
    return (row) => {
      const curve = curves.get(row);
      for (const { line, name } of [halo, strong]) {
        line.setAttribute('class', curve ? `${curve.getAttribute('class')} ${name}` : name);
        line.setAttribute('points', curve ? curve.getAttribute('points') : '');
      }
    };
  });
  const chosen = byId('chosen');
  let strongest = '';
  const choose = (row) => {
    if (row === strongest) return;
    strongest = row;
    for (const overlay of overlays) overlay(row);
    for (const card of cards) card.classList.toggle('chosen', card.dataset.row === row);
    if (chosen) chosen.value = row;
  };
  if (chosen) chosen.addEventListener('change', () => choose(chosen.value));

  const number = (value) =>
    value !== 0 && (Math.abs(value) < 1e-3 || Math.abs(value) >= 1e6)
      ? value.toExponential(2)
      : Number(value.toPrecision(3)).toLocaleString('en');

  // Returns the point of a curve that is nearest to a position in the plot, in coordinates from 0 to 1000.
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
  const read = (curve) => ({
    row: curve.dataset.row,
    name: curve.dataset.name,
    points: curve.getAttribute('points').split(' ').map((point) => point.split(',').map(Number)),
  });
  const listen = (plot, linked) => {
    const drawing = plot.querySelector('.curves');
    const readout = plot.querySelector('.readout');
    const { last, low, high } = plot.dataset;
    let curves = null; // read on the first pointer event
    const at = (event) => {
      if (curves === null) curves = all('.curve[data-row]', plot).map(read);
      const box = drawing.getBoundingClientRect();
      const x = (1000 * (event.clientX - box.left)) / box.width;
      const y = (1000 * (event.clientY - box.top)) / box.height;
      return nearest(curves, x, y, box.width / box.height);
    };
    drawing.addEventListener('pointermove', (event) => {
      const found = at(event);
      if (!found || found.distance > 120) {
        readout.textContent = '';
        return;
      }
      const iteration = Math.round((found.x / 1000) * last);
      const loss = low * Math.pow(high / low, 1 - found.y / 1000);
      const card = byId(`row-${found.row}`);
      const name = linked && card ? title(card) : found.name;
      readout.textContent = `${name}: ${number(loss)} at ${iteration}`;
      if (linked) choose(found.row);
    });
    drawing.addEventListener('pointerleave', () => (readout.textContent = ''));
    if (linked) {
      drawing.addEventListener('click', (event) => {
        const found = at(event);
        if (found) open(found.row);
      });
    }
  };
  for (const plot of all('#losses .plot')) listen(plot, true);

  // The large view.
  const dialog = byId('large');
  const pair = byId('pair');
  const slide = byId('slide');
  const modes = all('[data-mode]', dialog);
  const openable = () => all('.card', sheet).filter((card) => !card.hidden && byId(`panel-${card.dataset.row}`));
  let current = '';
  let mode = 'result';

  const cut = (percent) => pair.style.setProperty('--cut', `${percent}%`);
  const setMode = (name) => {
    mode = name;
    dialog.dataset.view = name;
    for (const button of modes) button.setAttribute('aria-pressed', String(button.dataset.mode === name));
  };
  const show = (row) => {
    const card = byId(`row-${row}`);
    const details = byId(`panel-${row}`);
    if (!card || !details) return;
    current = row;
    const content = byId(details.dataset.content);
    const thumbnail = card.querySelector('.input.content img');
    byId('large-title').textContent = title(card);
    const rows = openable();
    const position = rows.indexOf(card);
    byId('large-position').textContent = position < 0 ? '' : `${position + 1} of ${rows.length}`;
    pair.style.setProperty('--ratio', details.dataset.width / details.dataset.height);
    byId('large-result').src = byId(details.dataset.result).textContent;
    byId('large-result').alt = `Result of ${title(card)}`;
    byId('large-content').src = content ? content.textContent : thumbnail ? thumbnail.src : '';
    byId('large-content').alt = thumbnail ? thumbnail.alt : '';
    const panel = byId('panel');
    panel.replaceChildren(details.content.cloneNode(true));
    panel.scrollTop = 0;
    fill(panel);
    for (const plot of all('.plot', panel)) listen(plot, false);
    dialog.classList.toggle('alone', !content && !thumbnail);
    choose(row);
    history.replaceState(null, '', `#large-${row}`); // a link to this picture
  };
  const open = (row) => {
    if (!byId(`panel-${row}`)) return;
    setMode('result');
    show(row);
    if (!dialog.open) dialog.showModal();
    byId('next').focus();
  };
  const step = (by) => {
    const rows = openable();
    if (rows.length === 0) return;
    const index = rows.findIndex((card) => card.dataset.row === current);
    show(rows[(index + by + rows.length) % rows.length].dataset.row);
  };
  document.addEventListener('click', (event) => {
    const button = event.target.closest('[data-open]');
    if (button) open(button.dataset.open);
  });
  for (const button of modes) button.addEventListener('click', () => setMode(button.dataset.mode));
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
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close();
  });
  dialog.addEventListener('close', () => {
    history.replaceState(null, '', `#row-${current}`);
    const card = byId(`row-${current}`);
    const stage = card && card.querySelector('[data-open]');
    if (stage && !card.hidden) stage.focus();
  });
  const follow = () => {
    const linked = /^#large-(\d+)$/.exec(location.hash);
    if (linked) open(linked[1]);
  };
  window.addEventListener('hashchange', follow);
  follow();
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
})();
