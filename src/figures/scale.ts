/** A linear scale from values to points of the scene. */
export interface Scale {
  readonly domain: readonly [number, number];
  readonly range: readonly [number, number];
  at(value: number): number;
}

export function linearScale(domain: readonly [number, number], range: readonly [number, number]): Scale {
  const factor = (range[1] - range[0]) / (domain[1] - domain[0]);
  return { domain, range, at: (value) => range[0] + (value - domain[0]) * factor };
}

/** Tick marks of an axis: `major` are labelled, `minor` are not. */
export interface Ticks {
  readonly major: readonly number[];
  readonly minor: readonly number[];
  readonly labels: readonly string[];
}

/** The step 1, 2 or 5 × 10^n that cuts the span into about `count` pieces. */
export function niceStep(span: number, count: number): number {
  const power = 10 ** Math.floor(Math.log10(span / count));
  const mantissa = span / count / power;
  return (mantissa < Math.SQRT2 ? 1 : mantissa < Math.sqrt(10) ? 2 : mantissa < Math.sqrt(50) ? 5 : 10) * power;
}

/** Ticks at round values for about `count` labels within the domain. */
export function ticksOf(domain: readonly [number, number], count: number): Ticks {
  const [low, high] = domain[0] < domain[1] ? domain : [domain[1], domain[0]];
  // A range that is nothing but rounding has one value.
  if (!(high - low > 1e-9 * Math.max(Math.abs(low), Math.abs(high)))) return { major: [low], minor: [], labels: [String(Number(low.toPrecision(4))).replace('-', '−')] };
  const step = niceStep(high - low, count);
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const mantissa = Math.round(step / 10 ** Math.floor(Math.log10(step) + 1e-9));
  const major = multiples(step, low, high);
  return {
    major,
    minor: multiples(step / (mantissa === 2 ? 4 : 5), low, high),
    labels: major.map((value) => fixed(value, decimals)),
  };
}

function multiples(step: number, low: number, high: number): number[] {
  // A tick that rounding moved just past the end still belongs to the axis.
  const slack = 1e-9 * (high - low) / step;
  const values: number[] = [];
  for (let k = Math.ceil(low / step - slack); k <= Math.floor(high / step + slack); k++) values.push(k * step);
  return values;
}

/** A number with so many decimals and a proper minus sign; never '−0.00'. */
export function fixed(value: number, decimals: number): string {
  const text = value.toFixed(decimals);
  return Number(text) === 0 ? text.replace('-', '') : text.replace('-', '−');
}

/** 'value ± error' with three decimals; 'none' when there is no value. */
export const withError = (value: number | null, error: number | null): string =>
  value === null ? 'none' : error === null ? fixed(value, 3) : `${fixed(value, 3)} ± ${fixed(error, 3)}`;
