import { andersonDarling, benjaminiHochberg, ksTwoSample, mannWhitney, median } from '../stats/index.js';
import { valuesOf, wordsOf, type Note, type Sample } from './sample.js';

/** Two classes of galaxies compared in one property. */
export interface ClassComparison {
  /** Column of the classes, and the two of them. */
  readonly by: string;
  readonly classes: readonly [string, string];
  readonly property: string;
  readonly n: readonly [number, number];
  readonly medians: readonly [number, number];
  /** Kolmogorov–Smirnov: distance, exact and asymptotic probability. */
  readonly ks: { readonly d: number; readonly p: number; readonly pAsymptotic: number };
  readonly andersonDarling: { readonly statistic: number; readonly p: number };
  readonly mannWhitney: { readonly u: number; readonly p: number };
  /** q-value of the KS test among all comparisons of the sample (Benjamini & Hochberg 1995). */
  readonly q: number;
  /** Values of either class, for histograms. */
  readonly values: readonly [Float64Array, Float64Array];
}

/** Fewer galaxies than this make no class to compare. */
const fewestOfClass = 3;

const columns = ['velocityClass', 'environment'] as const;
const compared = ['logMstar', 'oh', 'gradient', 'gradientResidual', 'gradientKpc', 'gradientKpcResidual'] as const;

/** Every pair of classes of the velocity field and of the environment, compared in mass, abundance, gradient and its residual at fixed mass. */
export function compareClasses(sample: Sample): { readonly comparisons: readonly ClassComparison[]; readonly notes: readonly Note[] } {
  const found: Omit<ClassComparison, 'q'>[] = [];
  const notes: Note[] = [];
  for (const by of columns) {
    const words = wordsOf(sample, by)?.map((word) => word.toLowerCase());
    if (!words || words.every((word) => word === '')) {
      notes.push({ kind: 'missing', about: by, message: `No column '${by}': the classes are not compared.` });
      continue;
    }
    const counts = new Map<string, number>();
    for (const word of words) if (word) counts.set(word, (counts.get(word) ?? 0) + 1);
    const classes = [...counts.keys()].sort();
    const few = classes.filter((name) => counts.get(name)! < fewestOfClass);
    if (few.length) notes.push({ kind: 'few', about: by, message: `${by}: too few galaxies are ${few.map((name) => `'${name}' (${counts.get(name)})`).join(', ')} to compare them.` });
    const large = classes.filter((name) => !few.includes(name));
    for (const property of compared) {
      const values = valuesOf(sample, property);
      if (!values) continue;
      large.forEach((first, i) => large.slice(i + 1).forEach((second) => {
        const [a, b] = [first, second].map((name) => values.filter((value, row) => words[row] === name && Number.isFinite(value))) as [Float64Array, Float64Array];
        if (Math.min(a.length, b.length) < fewestOfClass) return;
        const { u, p } = mannWhitney(a, b);
        found.push({
          by, classes: [first, second], property, n: [a.length, b.length], medians: [median(a), median(b)], ks: ksTwoSample(a, b), andersonDarling: andersonDarling(a, b),
          mannWhitney: { u, p }, values: [a, b],
        });
      }));
    }
  }
  const q = benjaminiHochberg(found.map(({ ks }) => ks.p));
  return { comparisons: found.map((comparison, i) => ({ ...comparison, q: q[i]! })), notes };
}
