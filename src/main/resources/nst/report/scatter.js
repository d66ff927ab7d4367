// The rows as points on two axes, for samples that do not form a grid.
const MOST_PICTURES = 300;
const MOST_POINTS = 5_000;

// Some of the rows, evenly distributed over the list.
const thinned = (list, most) => (list.length <= most ? list : Array.from({ length: most }, (_, i) => list[Math.floor((i * list.length) / most)]));

const drawScatter = (list) => {
  const across = view.across;
  const down = view.down;
  const x = { name: across.name, scale: axisScale(across) };
  x.at = axisPosition(across, x.scale);
  const y = down === null ? null : { name: down.name, scale: axisScale(down) };
  if (y) y.at = axisPosition(down, y.scale);
  else {
    byId('scatter-part').replaceChildren();
    byId('no-cells').hidden = false;
    byId('no-cells').textContent = 'A scatter needs two axes. Choose one for “Down”.';
    shownRows = [];
    return;
  }
  shownRows = thinned(list, MOST_POINTS);
  const withPicture = shownRows.length <= MOST_PICTURES ? shownRows : shownRows.filter((row) => front.has(row) || picked.has(row)).slice(0, MOST_PICTURES);
  const byPlace = [...withPicture].sort((a, b) => x.at(a) - x.at(b) || a - b);
  byId('scatter-part').replaceChildren(
    pointChart({
      caption: `${down.name} against ${across.name}`,
      label: `${plural(list.length, 'row')}: ${down.name} against ${across.name}`,
      list: shownRows,
      x,
      y,
      buttons: byPlace,
      pictures: true,
    }),
  );
  byId('scatter-part').firstElementChild.classList.add('large-plot');
};
