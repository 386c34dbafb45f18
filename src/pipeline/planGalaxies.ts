import { join } from 'node:path';
import { setPath } from './config.js';
import type { GalaxyRow } from './galaxies.js';
import { planGalaxy, type Plan, type PlanRequest } from './plan.js';
import { planText } from './planText.js';

/** The plans of the galaxies of a table. */
export interface GalaxiesPlan {
  readonly plans: readonly { readonly name: string; readonly plan: Plan }[];
  /** All galaxies, one after the other. */
  readonly seconds: number;
  readonly exitStatus: 0 | 2;
}

/** Plans every galaxy of a table. */
export async function planGalaxies(rows: readonly GalaxyRow[], request: Omit<PlanRequest, 'files' | 'where'>): Promise<GalaxiesPlan> {
  const plans: { name: string; plan: Plan }[] = [];
  for (const [i, { name, files, keys }] of rows.entries()) {
    const tree = Object.entries(keys).reduce((at, [key, value]) => setPath(at, key, value), request.tree);
    plans.push({ name, plan: await planGalaxy({ ...request, files, tree, out: join(request.out, name.replace(/[^\w.+-]+/g, '_')), where: `row ${i + 1} (${name})` }) });
  }
  return { plans, seconds: plans.reduce((sum, { plan }) => sum + (plan.predicted?.seconds ?? 0), 0), exitStatus: plans.some(({ plan }) => plan.exitStatus !== 0) ? 2 : 0 };
}

export function galaxiesPlanText({ plans }: GalaxiesPlan): string {
  return plans.map(({ name, plan }) => `${name}\n${planText(plan).replace(/^/gm, '  ')}`).join('\n');
}
