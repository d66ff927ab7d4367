// The contact sheet: one page of cards at a time.
const MOST_KNOBS = 4;
let page = 0;
const pageSize = () => Number(byId('page-size').value);
const pages = () => Math.max(1, Math.ceil(found.length / pageSize()));

const facts = (list, pairs) => {
  list.replaceChildren(
    ...pairs.map(([name, value]) => {
      const pair = element('div');
      pair.append(element('dt', '', name), element('dd', '', value));
      return pair;
    }),
  );
};
const tags = (list, names, values, most) => {
  const given = names.filter((name) => values[name]);
  const items = given.slice(0, most).map((name) => {
    const item = element('li');
    item.append(element('span', '', name), ` ${values[name]}`);
    return item;
  });
  if (given.length > most) items.push(element('li', 'left', `${given.length - most} more`));
  list.replaceChildren(...items);
  list.hidden = items.length === 0;
};
const valuesOf = (columns, row) => Object.fromEntries(Object.keys(columns).map((name) => [name, columns[name][row] ?? '']));
const missing = { ok: 'The picture cannot be read.', skipped: 'Made before.', duplicate: 'Same request as another row.' };

// Shows a small picture of a photo or painting, if the page has one, and its name.
const inputPart = (uri, role, share) => {
  const part = element('span', `input ${role}`);
  const at = input(uri);
  if (at) {
    const image = element('img');
    image.loading = 'lazy';
    image.decoding = 'async';
    image.alt = '';
    image.src = at;
    part.append(image);
  }
  part.append(element('span', 'name', fileName(uri) + share));
  return part;
};
const inputParts = (row) => {
  const styles = rows.styles[row];
  const parts = [];
  if (rows.content[row]) parts.push(inputPart(rows.content[row], 'photo', ''));
  for (const [uri, weight] of styles) {
    parts.push(inputPart(uri, 'painting', styles.length > 1 ? ` ${Math.round(100 * weight)} %` : ''));
  }
  return parts;
};
const badges = (row) => {
  const list = [];
  const status = rows.status[row];
  if (status !== 'ok') list.push(element('span', `badge ${status}`, status.toUpperCase()));
  if (picked.has(row)) list.push(element('span', 'badge picked', 'PICKED'));
  if (front.has(row)) list.push(element('span', 'badge front', 'PARETO'));
  const outlier = overview.outliers[row];
  if (outlier) {
    const badge = element('span', 'badge outlier', `OUTLIER: ${termLabel(outlier.term)}`);
    badge.title = `${termLabel(outlier.term)} ${number(rows[outlier.term][row])}, median of this style and size ${number(outlier.median)}`;
    list.push(badge);
  }
  return list;
};
const shortMeasures = (row) =>
  measures.filter(({ name }) => ['content_loss', 'style_loss', 'left', 'millis'].includes(name) && isNumber(rows[name][row]));

const card = (row) => {
  const item = byId('card').content.firstElementChild.cloneNode(true);
  const part = (selector) => item.querySelector(selector);
  item.id = `row-${row}`;
  item.classList.add(rows.status[row]);
  item.classList.toggle('outlier', row in overview.outliers);
  const stage = part('.stage');
  stage.dataset.open = row;
  const at = isFailed(row) ? '' : thumbnail(row);
  const image = part('.picture');
  const absent = part('.absent');
  const withoutPicture = () => {
    image.remove();
    absent.hidden = false;
    absent.textContent = missing[rows.status[row]] ?? '';
  };
  if (at) {
    image.alt = `Result of ${rows.id[row]}`;
    if (isNumber(rows.width[row])) {
      image.width = rows.width[row];
      image.height = rows.height[row];
    }
    image.addEventListener('error', withoutPicture);
    image.src = at;
  } else if (isFailed(row)) {
    image.remove();
    absent.hidden = false;
    absent.classList.add('failure');
    absent.append(element('b', '', rows.code[row]), element('span', '', rows.message[row]));
    stage.setAttribute('aria-label', `${rows.id[row]} failed: ${rows.code[row]}`);
  } else {
    withoutPicture();
    stage.setAttribute('aria-label', `Details of ${rows.id[row]}`);
  }
  const box = part('.pick input');
  box.dataset.pick = row;
  box.checked = selected.has(row);
  part('.pick span').textContent = `Select ${rows.id[row]}`;
  part('h3').textContent = rows.id[row];
  part('.badges').append(...badges(row));
  part('.inputs').append(...inputParts(row));
  facts(part('.terms'), shortMeasures(row).map(({ name, label, format }) => [label, format(rows[name][row])]));
  tags(part('.own'), Object.keys(rows.own), valuesOf(rows.own, row), MOST_KNOBS);
  tags(part('.knobs'), Object.keys(rows.knobs), valuesOf(rows.knobs, row), MOST_KNOBS);
  return item;
};

const showPage = () => {
  page = Math.min(Math.max(0, page), pages() - 1);
  const from = page * pageSize();
  const shown = found.slice(from, from + pageSize());
  byId('sheet').replaceChildren(...shown.map(card));
  byId('nothing').hidden = found.length > 0;
  byId('page').value = page + 1;
  byId('page').max = pages();
  byId('pages').textContent = `of ${count(pages())}`;
  byId('previous-page').disabled = page === 0;
  byId('next-page').disabled = page === pages() - 1;
  const range = found.length === 0 ? '' : `${count(from + 1)} to ${count(from + shown.length)} of `;
  const whole = found.length === rows.size ? '' : ` found, of ${count(rows.size)}`;
  byId('shown').textContent = `${range}${plural(found.length, 'row')}${whole}`;
};
// Searches again and shows the first page.
const refresh = () => {
  search();
  page = 0;
  showPage();
  showChips();
  showHistograms();
  showSelection();
};
const turnTo = (number) => {
  page = number;
  showPage();
  byId('pictures').scrollIntoView({ block: 'start' });
};
// Shows the page with this row, without filters if they exclude it.
const goTo = (row) => {
  if (!(row >= 0 && row < rows.size)) return;
  if (!found.includes(row)) {
    clearFilters();
    refresh();
  }
  page = Math.floor(found.indexOf(row) / pageSize());
  showPage();
  const target = byId(`row-${row}`);
  target.scrollIntoView({ block: 'center' });
  target.querySelector('[data-open]').focus({ preventScroll: true });
};
const listenToPages = () => {
  byId('previous-page').addEventListener('click', () => turnTo(page - 1));
  byId('next-page').addEventListener('click', () => turnTo(page + 1));
  byId('page').addEventListener('change', () => turnTo((Number(byId('page').value) || 1) - 1));
  byId('page-size').addEventListener('change', () => turnTo(0));
};
