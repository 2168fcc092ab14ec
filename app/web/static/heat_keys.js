// Arrow keys move between cells as they do in any grid.
const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

export function walked(event, where) {
  const step = STEPS[event.key], cell = event.target.closest?.(".heat-cell");
  if (!step || !cell) return;
  const rows = [...where.querySelectorAll("tbody tr, .heat-list li")].map((row) => [...row.querySelectorAll(".heat-cell")]).filter((row) => row.length);
  const row = rows.findIndex((cells) => cells.includes(cell)), column = rows[row].indexOf(cell);
  const line = rows[row + step[0]];
  const next = line?.[Math.min(column + step[1], line.length - 1)];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
