// The data files are loaded when the document is complete.
const follow = () => {
  const linked = /^#(large|row)-(\d+)$/.exec(location.hash);
  if (!linked) return;
  if (linked[1] === 'large') open(Number(linked[2]));
  else goTo(Number(linked[2]));
};
const start = () => {
  for (const part of all('script[type="application/json"]')) {
    const name = part.id.replace(/^data-/, '');
    if (!name.startsWith('large-')) add(name, JSON.parse(part.textContent));
  }
  for (const columns of [rows.knobs, rows.own]) {
    for (const name of Object.keys(columns)) while (columns[name].length < rows.size) columns[name].push('');
  }
  if (rows.size === 0) return;
  listenToFilters();
  listenToPages();
  listenToSelection();
  listenToCompare();
  listenToLarge();
  listenToCurves();
  makeHistograms();
  refresh();
  startSweep();
  window.addEventListener('hashchange', follow);
  follow();
};
document.addEventListener('DOMContentLoaded', start);
