// The content term against the style term, with the Pareto front: the rows for which no other row is better in one term
// and at least as good in the other.
const MOST_FRONT_BUTTONS = 200;
const MOST_STRIP_PICTURES = 60;

const frontGroups = (list) => {
  const groups = new Map();
  for (const row of list) {
    const key = `${rows.content[row]} ${styleName(row)}`;
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(row);
  }
  return [...groups.values()];
};
const byContent = (a, b) => rows.content_loss[a] - rows.content_loss[b] || rows.style_loss[b] - rows.style_loss[a] || a - b;

// The pictures of some rows side by side, with their settings.
const fillStrip = (name, list) => {
  byId(`${name}-strip`).replaceChildren(
    ...list.slice(0, MOST_STRIP_PICTURES).map((row) => {
      const item = element('li');
      item.append(sweepCell(row, settingsText(row)));
      return item;
    }),
  );
};
const showPicked = () => {
  const list = sweep.picked.filter((row) => sweep.kind[row] >= 0);
  byId('picked-part').hidden = list.length === 0;
  byId('picked-about').textContent = `${plural(list.length, 'row')}: ${sweep.pick}`;
  fillStrip('picked', list);
};
const drawFront = () => {
  const list = comparedRows().filter((row) => isNumber(rows.content_loss[row]) && isNumber(rows.style_loss[row]));
  const onFront = list.filter((row) => front.has(row)).sort(byContent);
  byId('front-part').hidden = list.length < 2;
  if (list.length < 2) return;
  const scales = { x: termScale('content_loss', list), y: termScale('style_loss', list) };
  const shown = thinned(list, MOST_POINTS);
  const buttons = [...new Set([...onFront, ...shown.filter((row) => picked.has(row)), ...(shown.length <= MOST_FRONT_BUTTONS ? shown : [])])];
  byId('front-chart').replaceChildren(
    pointChart({
      caption: 'Style term against content term; less of both is better',
      label: `${plural(list.length, 'row')}, ${count(onFront.length)} on the Pareto front`,
      list: [...new Set([...shown, ...buttons])],
      x: { name: 'content term', scale: scales.x, at: (row) => scales.x.at(rows.content_loss[row]) },
      y: { name: 'style term', scale: scales.y, at: (row) => scales.y.at(rows.style_loss[row]) },
      buttons: buttons.sort(byContent).slice(0, MOST_FRONT_BUTTONS),
      lines: frontGroups(onFront),
    }),
  );
  byId('front-about').textContent = `${plural(list.length, 'row')}, ${count(onFront.length)} on the Pareto front: no other row of the same photo and painting is better in one term and at least as good in the other.`;
  fillStrip('front', onFront);
};
