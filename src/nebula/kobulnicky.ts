/**
 * O/H from x = log R23 and y = log([O III] 4959+5007/[O II]) on one branch, with the ionisation parameter q solved for at
 * once (Kobulnicky & Kewley 2004). NaN when the iteration does not settle.
 */
export function kobulnickyKewley(x: number, y: number, upper: boolean): { readonly oh: number; readonly logQ: number } {
  let oh = upper ? 8.7 : 8.2;
  let logQ = NaN;
  for (let i = 0; i < 100; i++) {
    logQ = (32.81 - 1.153 * y * y + oh * (-3.396 - 0.025 * y + 0.1444 * y * y))
      / (4.603 - 0.3119 * y - 0.163 * y * y + oh * (-0.48 + 0.0271 * y + 0.02037 * y * y));
    const next = upper
      ? 9.72 - 0.777 * x - 0.951 * x ** 2 - 0.072 * x ** 3 - 0.811 * x ** 4
        - logQ * (0.0737 - 0.0713 * x - 0.141 * x ** 2 + 0.0373 * x ** 3 - 0.058 * x ** 4)
      : 9.40 + 4.65 * x - 3.17 * x ** 2 - logQ * (0.272 + 0.547 * x - 0.513 * x ** 2);
    const change = Math.abs(next - oh);
    oh = next;
    if (change < 1e-10) return { oh, logQ };
  }
  return { oh: NaN, logQ: NaN };
}
