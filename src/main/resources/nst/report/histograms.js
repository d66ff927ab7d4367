// Histograms of all rows on logarithmic axes. A bar is a button that finds the rows in it; the arrow keys move between bars.
const BARS = 28;
const histograms = [];

const bin = (histogram, value) =>
  histogram.high === histogram.low
    ? 0
    : Math.min(BARS - 1, Math.floor((BARS * Math.log(value / histogram.low)) / Math.log(histogram.high / histogram.low)));
const edge = (histogram, bar) => histogram.low * Math.pow(histogram.high / histogram.low, bar / BARS);

const heights = (histogram, list) => {
  const bars = new Array(BARS).fill(0);
  for (const row of list) {
    const value = rows[histogram.name][row];
    if (value > 0) bars[bin(histogram, value)]++;
  }
  return bars;
};
const makeHistogram = (measure) => {
  const values = rows[measure.name].filter((value) => value > 0).sort((a, b) => a - b);
  if (values.length < 2) return;
  const histogram = { ...measure, low: values[0], high: values[values.length - 1] };
  const everyRow = Array.from(rows.id.keys());
  const totals = heights(histogram, everyRow);
  const highest = Math.max(...totals);
  const figure = element('figure', 'histogram');
  const caption = element('figcaption', '', measure.label);
  const middle = measure.format(values[Math.floor(values.length / 2)]);
  caption.append(element('small', '', `median ${middle}`));
  const bars = element('div', 'bars');
  bars.setAttribute('role', 'group');
  bars.setAttribute(
    'aria-label',
    `${measure.label} of ${plural(values.length, 'row')}, from ${measure.format(histogram.low)} to ${measure.format(histogram.high)}, median ${middle}`,
  );
  histogram.bars = totals.map((total, bar) => {
    const button = element('button', 'bin');
    button.type = 'button';
    button.tabIndex = -1;
    const [from, to] = [edge(histogram, bar), edge(histogram, bar + 1)].map(measure.format);
    button.setAttribute('aria-label', `${plural(total, 'row')} from ${from} to ${to}`);
    button.title = `${plural(total, 'row')} from ${from} to ${to}`;
    button.disabled = total === 0;
    button.append(element('span', 'all'), element('span', 'part'));
    button.style.setProperty('--all', total === 0 ? 0 : Math.max(0.03, total / highest));
    button.addEventListener('click', () => {
      addFilter(measure.name, `${measure.label}: ${from} to ${to}`, (row) => rows[measure.name][row] > 0 && bin(histogram, rows[measure.name][row]) === bar);
      refresh();
    });
    return button;
  });
  const reachable = histogram.bars.filter((button) => !button.disabled);
  reachable[0].tabIndex = 0;
  bars.addEventListener('keydown', (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const next = by && reachable[reachable.indexOf(event.target) + by];
    if (!next) return;
    event.target.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
    event.preventDefault();
  });
  bars.append(...histogram.bars);
  const ends = element('div', 'ends');
  ends.append(element('span', '', measure.format(histogram.low)), element('span', '', measure.format(histogram.high)));
  figure.append(caption, bars, ends);
  histogram.highest = highest;
  histograms.push(histogram);
  byId('histograms').append(figure);
};
const makeHistograms = () => {
  measures.filter(({ name }) => name !== 'left').forEach(makeHistogram);
  byId('distribution').hidden = histograms.length === 0;
};
// Marks the part of each bar that is found now.
const showHistograms = () => {
  byId('histograms').classList.toggle('whole', found.length === rows.size);
  for (const histogram of histograms) {
    const parts = heights(histogram, found);
    histogram.bars.forEach((button, bar) => {
      button.style.setProperty('--part', parts[bar] === 0 ? 0 : Math.max(0.03, parts[bar] / histogram.highest));
    });
  }
};
