const scaleHere = /^(?:10\*\*\(?([+-]?\d+)\)?|1e([+-]?\d+)|1(?=\s*\/))[\s*.]*/i;
const pieceHere = /\s*(?:([A-Za-z_]+)(?:(?:\*\*|\^)?([+-]?\d+)|(?:\*\*|\^)?\(([+-]?\d+)\))?|([/()])|[.*])\s*/y;

/**
 * A unit in the spelling of VOUnits 1.0 (Derriere et al. 2014, IVOA Recommendation) that VOTable 1.4 asks for, from the
 * spellings of FITS and astropy: '1e-17 erg / (s cm2)' becomes '10**-17erg.s**-1.cm**-2'. What is neither stays as it is.
 */
export function toVounit(unit: string): string {
  const scale = scaleHere.exec(unit);
  const exponent = scale?.[1] ?? scale?.[2];
  let written = exponent === undefined ? '' : `10**${Number(exponent)}`;
  let divided = false; // by the next symbol or group
  let inGroup = false; // in parentheses after a slash
  const body = unit.slice(scale?.[0].length ?? 0);
  pieceHere.lastIndex = 0;
  for (let first = true; pieceHere.lastIndex < body.length;) {
    const piece = pieceHere.exec(body);
    if (!piece) return unit;
    const [, symbol, power, inParentheses, sign] = piece;
    if (symbol !== undefined) {
      const value = Number(power ?? inParentheses ?? 1) * (divided !== inGroup ? -1 : 1);
      written += `${first ? '' : '.'}${symbol}${value === 1 ? '' : `**${value}`}`;
      [first, divided] = [false, false];
    } else if (sign === '/') {
      divided = true;
    } else if (sign === '(' && divided && !inGroup) {
      [inGroup, divided] = [true, false];
    } else if (sign === ')' && inGroup) {
      inGroup = false;
    } else if (sign !== undefined) {
      return unit;
    }
  }
  return !inGroup && !divided && written !== '' ? written : unit;
}
