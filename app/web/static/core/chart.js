// Vega-Lite charts under a policy without eval: expressions are interpreted, styles are ours.
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

export function themed() {
  const ink = colour("--ink"), soft = colour("--soft"), line = colour("--line");
  return {
    background: "transparent",
    font: getComputedStyle(document.body).fontFamily,
    view: { stroke: null },
    axis: { labelColor: soft, titleColor: soft, gridColor: line, domainColor: line, tickColor: line, labelFontSize: 11, titleFontSize: 11 },
    legend: { labelColor: ink, titleColor: soft },
    text: { color: ink },
  };
}

// Draws a Vega-Lite specification into an element; hovered data go to `hover` (null on leaving).
export async function draw(where, specification, { hover = null, signals = {} } = {}) {
  const result = await window.vegaEmbed(where, { config: themed(), ...specification }, {
    actions: false, ast: true, renderer: "svg", defaultStyle: false,
    tooltip: hover ? (_, event, __, value) => hover(value || null, event) : false,
  });
  for (const [name, heard] of Object.entries(signals)) result.view.addSignalListener(name, (_, value) => heard(value));
  return result.view;
}

export const onTheme = (redraw) => document.addEventListener("theme", redraw);
export { colour };
