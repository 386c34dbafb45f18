/** Markdown of the results. */

/**
 * @param {readonly string[]} head
 * @param {readonly (readonly (string | number)[])[]} rows
 */
export const table = (head, rows) => [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** A number with a sign that does not look like a hyphen, zero without one, or a dash for none. */
export function number(value, digits = 2) {
  if (value === null || !Number.isFinite(value)) return '–';
  const text = value.toFixed(digits);
  return Number(text) === 0 ? text.replace('-', '') : text.replace('-', '−');
}

/** A number and what chance alone does to it. */
export const withError = (value, error, digits = 2) => `${number(value, digits)} ± ${number(error, digits)}`;

/** A range drawn from. */
export const span = ([low, high]) => `${low} to ${high}`;
