// The rows of the run as columns. A row is its number in the manifest, from 0. Data files call nst.add; data inside
// the page stands in script elements of type application/json.
const byId = (id) => document.getElementById(id);
const all = (selector, within = document) => Array.from(within.querySelectorAll(selector));
const element = (tag, className, text) => {
  const created = document.createElement(tag);
  if (className) created.className = className;
  if (text !== undefined) created.textContent = text;
  return created;
};

const rows = { size: 0, knobs: {}, own: {} };
let overview = { large: [], thumbnails: {}, inputs: {}, outliers: {} };
let largeRows = new Set();
let sweep = null; // the axes of the sweep, if the rows are one
let picked = new Set(); // the rows that report --pick chose
let front = new Set(); // the rows on Pareto fronts
const loaded = new Map(); // the data of large rows, by name

const append = (columns, name, column) => {
  const values = (columns[name] ??= []);
  while (values.length < rows.size) values.push(''); // earlier files had no such column
  if (Array.isArray(column)) for (const value of column) values.push(value);
  else for (const index of column.at) values.push(column.values[index]);
};
const addRows = ({ knobs, own, ...columns }) => {
  for (const name of Object.keys(columns)) append(rows, name, columns[name]);
  for (const name of Object.keys(knobs)) append(rows.knobs, name, knobs[name]);
  for (const name of Object.keys(own)) append(rows.own, name, own[name]);
  rows.size = rows.id.length;
};
const add = (name, data) => {
  if (name.startsWith('rows-')) addRows(data);
  else if (name === 'overview') {
    overview = data;
    largeRows = new Set(data.large);
  } else if (name === 'sweep') {
    sweep = data;
    picked = new Set(data.picked);
    front = new Set(data.front);
  } else loaded.set(name, data);
};
window.nst = { add };

// Returns the data of a large row; null if it cannot be loaded.
const load = (name) =>
  new Promise((resolve) => {
    const inside = byId(`data-${name}`);
    if (inside) loaded.set(name, JSON.parse(inside.textContent));
    if (loaded.has(name)) {
      resolve(loaded.get(name));
      return;
    }
    const script = element('script');
    script.src = `data/${name}.js`;
    script.addEventListener('load', () => resolve(loaded.get(name) ?? null));
    script.addEventListener('error', () => resolve(null));
    document.head.append(script);
  });

// The address of a picture: a file beside the page, or the text of an element.
const address = (at) => (at.startsWith('#') ? byId(at.slice(1)).textContent : at);
const savedImage = (row) => (rows.file[row] ? document.body.dataset.images + rows.file[row] : '');
const thumbnail = (row) => {
  const at = overview.thumbnails[row]?.at ?? rows.thumbnail[row];
  return at ? address(at) : savedImage(row);
};
const input = (uri) => (overview.inputs[uri] ? address(overview.inputs[uri].at) : '');

// Names and numbers for people.
const fileName = (uri) => uri.replace(/\/+$/, '').replace(/^.*\//, '') || uri;
const styleNames = new Map();
const styleName = (row) => {
  const styles = rows.styles[row];
  if (!styleNames.has(styles)) {
    const share = (weight) => (styles.length > 1 ? ` ${Math.round(100 * weight)} %` : '');
    styleNames.set(styles, styles.map(([uri, weight]) => fileName(uri) + share(weight)).join(' + '));
  }
  return styleNames.get(styles);
};
const number = (value) => {
  const size = Math.abs(value);
  return value !== 0 && (size < 1e-3 || size >= 1e6)
    ? value.toExponential(2).replace('e+', 'e')
    : value.toLocaleString('en', { maximumSignificantDigits: 3 });
};
const duration = (millis) => {
  if (millis < 1000) return `${millis} ms`;
  const seconds = millis / 1000;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return whole < 3600
    ? `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`
    : `${Math.floor(whole / 3600)} h ${String(Math.floor((whole % 3600) / 60)).padStart(2, '0')} min`;
};
const count = (value) => value.toLocaleString('en');
const plural = (value, noun) => `${count(value)} ${noun}${value === 1 ? '' : 's'}`;

// The numbers of a row, all of the saved image. "left" is the share of the start image's total loss that is left.
const measures = [
  { name: 'content_loss', label: 'content', format: number },
  { name: 'style_loss', label: 'style', format: number },
  { name: 'tv_loss', label: 'total variation', format: number },
  { name: 'total_loss', label: 'total, weighted', format: number },
  { name: 'left', label: 'loss left', format: (value) => `${number(100 * value)} %` },
  { name: 'millis', label: 'time', format: duration },
];
const isNumber = (value) => typeof value === 'number';
const termLabel = (name) => measures.find((measure) => measure.name === name).label;
