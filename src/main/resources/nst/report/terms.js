// Each term over each setting, as small charts. A line connects the rows that are equal in all other axes.
const MOST_LINES = 60;
const MOST_CHARTED_SETTINGS = 8;

const linesOver = (axis, list) => {
  if (axis.numbers.length === 0 || sweep.sampled) return [];
  const others = sweep.axes.filter((other) => other !== axis);
  const groups = new Map();
  for (const row of list) {
    const key = `${others.map((other) => other.at[row]).join(' ')} ${rows.content[row]} ${styleName(row)}`;
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(row);
  }
  return groups.size > MOST_LINES ? [] : [...groups.values()].map((group) => group.sort((a, b) => axis.at[a] - axis.at[b]));
};
const drawTerms = () => {
  const list = thinned(comparedRows(), MOST_POINTS);
  const settings = sweep.axes.filter((axis) => axis.setting).slice(0, MOST_CHARTED_SETTINGS);
  const charts = [];
  for (const axis of settings) {
    for (const name of ['content_loss', 'style_loss', 'tv_loss']) {
      const measured = list.filter((row) => isNumber(rows[name][row]) && axis.at[row] >= 0);
      if (measured.length < 2) continue;
      const y = termScale(name, measured);
      const x = axisScale(axis);
      const values = measured.map((row) => rows[name][row]);
      const [low, high] = ends(values, isNumber);
      charts.push(
        pointChart({
          caption: `${termLabel(name)} over ${axis.name}`,
          label: `${termLabel(name)} term over ${axis.name}: ${plural(measured.length, 'row')}, from ${number(low)} to ${number(high)}`,
          list: measured,
          x: { name: axis.name, scale: x, at: axisPosition(axis, x) },
          y: { name: termLabel(name), scale: y, at: (row) => y.at(rows[name][row]) },
          lines: linesOver(axis, measured),
        }),
      );
    }
  }
  byId('terms-part').hidden = charts.length === 0;
  byId('terms-about').textContent = 'Unweighted terms of the saved images. A line connects rows that differ only in this setting; a point opens its row.';
  byId('term-plots').replaceChildren(...charts);
};
