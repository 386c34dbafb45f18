/** The figure of the recovery curves, as SVG text. */

const [width, height, left, top, gap] = [300, 210, 52, 34, 70];
const colours = ['#1b1b1b', '#c8321e', '#2a6fb0', '#2c8a4b', '#b07a10', '#7a3fa0'];

/**
 * Panels with curves over log S/N.
 * @param {readonly {title: string, range: readonly [number, number], ticks: readonly number[], band: readonly [number, number], curves: readonly {label: string, points: readonly (readonly [number, number])[], dashed?: boolean}[]}[]} panels
 */
function panelsSvg(panels) {
  const total = [left + panels.length * (width + gap), top + height + 44 + 13 * Math.max(...panels.map(({ curves }) => curves.length))];
  const x = (signal) => ((Math.log(signal) - Math.log(1.4)) / (Math.log(110) - Math.log(1.4))) * width;
  const parts = panels.map(({ title, range: [low, high], ticks, band, curves }, i) => {
    const y = (value) => height - ((Math.min(high, Math.max(low, value)) - low) / (high - low)) * height;
    const marks = [2, 5, 10, 20, 50, 100].map((s) => `<path d="M${x(s)} ${height}v-5" stroke="#444"/><text x="${x(s)}" y="${height + 15}" text-anchor="middle">${s}</text>`).join('')
      + ticks.map((t) => `<path d="M0 ${y(t)}h5" stroke="#444"/><text x="-6" y="${y(t) + 4}" text-anchor="end">${t}</text>`).join('');
    const lines = curves.map(({ points, dashed }, c) => `<polyline points="${points.map(([s, v]) => `${x(s).toFixed(1)},${y(v).toFixed(1)}`).join(' ')}" fill="none" stroke="${colours[c % colours.length]}" stroke-width="1.6"${dashed ? ' stroke-dasharray="5 3"' : ''}/>`).join('');
    const legend = curves.map(({ label, dashed }, c) => `<path d="M0 ${height + 36 + 13 * c}h18" stroke="${colours[c % colours.length]}" stroke-width="1.6"${dashed ? ' stroke-dasharray="5 3"' : ''}/><text x="24" y="${height + 40 + 13 * c}">${label}</text>`).join('');
    return `<g transform="translate(${left + i * (width + gap)} ${top})"><rect y="${y(band[1])}" width="${width}" height="${y(band[0]) - y(band[1])}" fill="#e6eef6"/><rect width="${width}" height="${height}" fill="none" stroke="#444"/><text x="0" y="-10" font-weight="bold">${title}</text>${marks}${lines}${legend}<text x="${width}" y="${height + 28}" text-anchor="end">S/N</text></g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${total.join(' ')}" width="${total[0]}" height="${total[1]}" font-family="DejaVu Sans" font-size="11"><rect width="100%" height="100%" fill="white"/>${parts.join('')}</svg>`;
}

/** Bias of the flux, widths of the pulls of flux, velocity and dispersion. */
export function recoveryFigure(rows) {
  const settings = [...new Set(rows.map(({ setting }) => setting))];
  const curve = (setting, of) => ({ label: setting, points: rows.filter((row) => row.setting === setting).flatMap((row) => { const value = of(row); return value === null || value === undefined ? [] : [[row.signal, value]]; }) });
  const free = settings.filter((setting) => rows.find((row) => row.setting === setting).free);
  const fixed = settings.filter((setting) => !free.includes(setting));
  const alone = free.filter((setting) => rows.find((row) => row.setting === setting).stars === 'none');
  return panelsSvg([
    { title: 'bias of the flux [%]; dashed: a plain fit', range: [-10, 30], ticks: [-10, 0, 10, 20, 30], band: [-1, 1], curves: [...alone.map((s) => curve(s, (row) => row.bias && 100 * row.bias.median)), ...alone.map((s) => ({ ...curve(s, (row) => row.plain && 100 * row.plain.median), dashed: true }))] },
    { title: 'width of the pulls of the flux, fixed', range: [0.6, 1.6], ticks: [0.6, 0.8, 1, 1.2, 1.4, 1.6], band: [0.9, 1.1], curves: fixed.map((s) => curve(s, (row) => row.flux?.width)) },
    { title: 'width of the pulls of the flux, free', range: [0.6, 1.6], ticks: [0.6, 0.8, 1, 1.2, 1.4, 1.6], band: [0.9, 1.1], curves: free.map((s) => curve(s, (row) => row.flux?.width)) },
    { title: 'of the velocity', range: [0.6, 1.6], ticks: [0.6, 0.8, 1, 1.2, 1.4, 1.6], band: [0.9, 1.1], curves: free.map((s) => curve(s, (row) => row.velocity?.width)) },
    { title: 'of the dispersion', range: [0.6, 1.6], ticks: [0.6, 0.8, 1, 1.2, 1.4, 1.6], band: [0.9, 1.1], curves: free.map((s) => curve(s, (row) => row.dispersion?.width)) },
  ]);
}
