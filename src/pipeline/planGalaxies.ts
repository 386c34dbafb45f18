import { requestOfRow, type GalaxyRow } from './galaxies.js';
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
  for (const [i, row] of rows.entries()) plans.push({ name: row.name, plan: await planGalaxy({ ...request, ...requestOfRow(row, i, request) }) });
  return { plans, seconds: plans.reduce((sum, { plan }) => sum + (plan.predicted?.seconds ?? 0), 0), exitStatus: plans.some(({ plan }) => plan.exitStatus !== 0) ? 2 : 0 };
}

export function galaxiesPlanText({ plans }: GalaxiesPlan): string {
  return plans.map(({ name, plan }) => `${name}\n${planText(plan).replace(/^/gm, '  ')}`).join('\n');
}
