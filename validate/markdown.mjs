/** Markdown of the results. */

/**
 * @param {readonly string[]} head
 * @param {readonly (readonly (string | number)[])[]} rows
 */
export const table = (head, rows) => [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** A number with a sign that does not look like a hyphen, or a dash for none. */
export const number = (value, digits = 2) => (value === null || !Number.isFinite(value) ? '–' : value.toFixed(digits).replace('-', '−'));

/** A number and what chance alone does to it. */
export const withError = (value, error, digits = 2) => `${number(value, digits)} ± ${number(error, digits)}`;

/** A range drawn from. */
export const span = ([low, high]) => `${low} to ${high}`;
