// Which rows are found, and in which order.
const query = { text: '', how: 'text', status: '', filters: [], sort: 'worst', reversed: false };
let found = [];

const size = (row) => (isNumber(rows.width[row]) ? `${rows.width[row]} × ${rows.height[row]}` : '');

// The columns by which rows can be filtered, with the value of a row as text.
const filterColumns = () => [
  { name: 'outlier', label: 'outlier', value: (row) => (overview.outliers[row] ? `outlier: ${termLabel(overview.outliers[row].term)}` : 'usual') },
  ...(picked.size > 0 ? [{ name: 'picked', label: 'picked', value: (row) => (picked.has(row) ? `picked: ${sweep.pick}` : 'not picked') }] : []),
  ...(front.size > 0 ? [{ name: 'front', label: 'Pareto front', value: (row) => (front.has(row) ? 'on the front' : 'not on it') }] : []),
  { name: 'code', label: 'error code', value: (row) => rows.code[row] },
  { name: 'style', label: 'style', value: styleName },
  { name: 'photo', label: 'photo', value: (row) => fileName(rows.content[row]) },
  { name: 'size', label: 'size', value: size },
  ...Object.keys(rows.knobs).map((name) => ({ name: `knob ${name}`, label: name, value: (row) => rows.knobs[name][row] ?? '' })),
  ...Object.keys(rows.own).map((name) => ({ name: `own ${name}`, label: name, value: (row) => rows.own[name][row] ?? '' })),
];

let texts = null;
const rowText = (row) => {
  texts ??= [];
  return (texts[row] ??= [
    rows.id[row],
    fileName(rows.content[row]),
    styleName(row),
    rows.status[row],
    rows.code[row],
    rows.message[row],
    ...Object.keys(rows.knobs).map((name) => (rows.knobs[name][row] ? `${name} ${rows.knobs[name][row]}` : '')),
    ...Object.keys(rows.own).map((name) => rows.own[name][row] ?? ''),
  ]
    .join(' ')
    .toLowerCase());
};
const searches = {
  text: (words) => (row) => words.toLowerCase().split(/\s+/).every((word) => rowText(row).includes(word)),
  prefix: (start) => (row) => rows.id[row].startsWith(start),
  id: (id) => (row) => rows.id[row] === id,
};

// A condition on a column: "0.5", "> 0.5", "<= 2", "0.1..1", or a part of the text.
const condition = (text) => {
  const range = /^\s*([-+.\de]+)\s*\.\.\s*([-+.\de]+)\s*$/i.exec(text);
  const bound = /^\s*(<=|>=|<|>)\s*([-+.\de]+)\s*$/i.exec(text);
  const numeric = (value) => (value === '' ? NaN : Number(value));
  if (range) return (value) => numeric(value) >= Number(range[1]) && numeric(value) <= Number(range[2]);
  if (bound) {
    const limit = Number(bound[2]);
    const tests = { '<': (v) => v < limit, '<=': (v) => v <= limit, '>': (v) => v > limit, '>=': (v) => v >= limit };
    return (value) => tests[bound[1]](numeric(value));
  }
  const exact = Number(text);
  const part = text.toLowerCase();
  return (value) =>
    value.toLowerCase().includes(part) || (text.trim() !== '' && !Number.isNaN(exact) && numeric(value) === exact);
};

// The order "worst": failed rows, outliers by their score, then the others by the loss that is left.
const byNumber = (values, sign) => (a, b) => {
  const x = values[a];
  const y = values[b];
  if (!isNumber(x) || !isNumber(y)) return Number(isNumber(y)) - Number(isNumber(x)) || a - b; // missing numbers last
  return sign * (y - x) || a - b;
};
const score = (row) => overview.outliers[row]?.score ?? 0;
const isFailed = (row) => rows.status[row] === 'failed';
const sorts = {
  worst: (sign) => (a, b) =>
    sign * (Number(isFailed(b)) - Number(isFailed(a)) || score(b) - score(a)) || byNumber(rows.left, sign)(a, b),
  order: (sign) => (a, b) => sign * (a - b),
  id: (sign) => {
    const collator = new Intl.Collator(undefined, { numeric: true });
    return (a, b) => sign * collator.compare(rows.id[a], rows.id[b]) || a - b;
  },
};
for (const { name } of measures) sorts[name] = (sign) => byNumber(rows[name], sign);

const search = () => {
  const tests = query.filters.map(({ test }) => test);
  if (query.status !== '') tests.push((row) => rows.status[row] === query.status);
  if (query.text.trim() !== '') tests.push(searches[query.how](query.text.trim()));
  found = [];
  for (let row = 0; row < rows.size; row++) if (tests.every((test) => test(row))) found.push(row);
  found.sort(sorts[query.sort](query.reversed ? -1 : 1));
};
const addFilter = (key, label, test) => {
  query.filters = query.filters.filter((filter) => filter.key !== key);
  query.filters.push({ key, label, test });
};
const clearFilters = () => {
  Object.assign(query, { text: '', status: '', filters: [] });
  byId('find').value = '';
  const everything = document.querySelector('input[name=status][value=""]');
  if (everything) everything.checked = true;
};

// The controls.
const MOST_CHOICES = 300;
const showChips = () => {
  byId('chips').replaceChildren(
    ...query.filters.map((filter) => {
      const item = element('li');
      const button = element('button', 'chip', `${filter.label} `);
      button.type = 'button';
      button.setAttribute('aria-label', `Remove the filter ${filter.label}`);
      const cross = element('span', '', '✕');
      cross.setAttribute('aria-hidden', 'true');
      button.append(cross);
      button.addEventListener('click', () => {
        query.filters = query.filters.filter((other) => other !== filter);
        refresh();
        byId('column').focus();
      });
      item.append(button);
      return item;
    }),
  );
};
const offerValues = (columns) => {
  const column = columns.find(({ name }) => name === byId('column').value);
  const choice = byId('value');
  const typed = byId('typed');
  choice.hidden = true;
  typed.hidden = true;
  if (!column) return;
  const counts = new Map();
  for (let row = 0; row < rows.size && counts.size <= MOST_CHOICES; row++) {
    const value = column.value(row);
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  if (counts.size > MOST_CHOICES) {
    typed.hidden = false;
    typed.value = '';
    typed.focus();
    return;
  }
  const collator = new Intl.Collator(undefined, { numeric: true });
  const options = [...counts].sort(([a], [b]) => collator.compare(a, b));
  choice.replaceChildren(
    new Option('choose a value', ''),
    ...options.map(([value, times], index) => new Option(`${value === '' ? emptyLabel(column) : value} (${count(times)})`, index + 1)),
  );
  choice.hidden = false;
  choice.onchange = () => {
    if (choice.value === '') return;
    const [value] = options[choice.value - 1];
    addFilter(column.name, `${column.label}: ${value === '' ? emptyLabel(column) : value}`, (row) => column.value(row) === value);
    filterAdded();
  };
};
const emptyLabel = (column) => (column.name.startsWith('knob ') ? 'as in the run' : 'none');
const filterAdded = () => {
  byId('column').value = '';
  byId('value').hidden = true;
  byId('typed').hidden = true;
  refresh();
};
const listenToFilters = () => {
  const columns = filterColumns();
  byId('column').append(...columns.map(({ name, label }) => new Option(label, name)));
  byId('column').addEventListener('change', () => offerValues(columns));
  byId('typed').addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.target.value.trim() === '') return;
    const column = columns.find(({ name }) => name === byId('column').value);
    const matches = condition(event.target.value);
    addFilter(column.name, `${column.label}: ${event.target.value}`, (row) => matches(column.value(row)));
    filterAdded();
  });
  byId('sort').append(...measures.map(({ name, label }) => new Option(label, name)));
  const read = () => {
    query.text = byId('find').value;
    query.how = byId('how').value;
    query.status = document.querySelector('input[name=status]:checked').value;
    query.sort = byId('sort').value;
    refresh();
  };
  byId('find').addEventListener('input', read);
  for (const id of ['how', 'sort']) byId(id).addEventListener('change', read);
  for (const radio of all('input[name=status]')) radio.addEventListener('change', read);
  byId('reverse').addEventListener('click', () => {
    query.reversed = !query.reversed;
    byId('reverse').setAttribute('aria-pressed', String(query.reversed));
    refresh();
  });
  document.querySelector('.tools').addEventListener('submit', (event) => event.preventDefault());
  query.text = byId('find').value; // browsers restore form values after a reload
  query.how = byId('how').value;
  query.sort = byId('sort').value;
  query.status = document.querySelector('input[name=status]:checked').value;
};
