import { completeRows, fitLine } from '../stats/index.js';
import { propertyColumn, valuesOf, withColumns, type Sample } from './sample.js';

export const gradients = ['gradient', 'gradientKpc'] as const;
/** Abundances whose residual about the mass–metallicity relation of the sample is set against the gradient (Li et al. 2025, Fig. 4). */
export const abundances = ['oh', 'ohInner', 'ohOuter'] as const;

/** The residuals of gradients and abundances about their relation with stellar mass, each over the galaxies that have both. */
export function withResiduals(sample: Sample): Sample {
  const mass = valuesOf(sample, 'logMstar');
  const whole = valuesOf(sample, 'oh');
  if (!mass) return sample;
  return withColumns(sample, [...gradients, ...abundances].flatMap((name) => {
    const values = valuesOf(sample, name);
    // Inner and outer abundances are compared with the relation of the whole galaxies.
    const about = name === 'ohInner' || name === 'ohOuter' ? whole : values;
    if (!values || !about) return [];
    const { columns: [x, y] } = completeRows(mass, about);
    const { slope, intercept } = fitLine(x!, y!);
    return [propertyColumn(`${name}Residual`, values.map((value, i) => value - intercept - slope * mass[i]!), `Residual of ${name} about its linear relation with logMstar`)];
  }));
}
