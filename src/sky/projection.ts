import type { CelestialWcs } from './wcs.js';

const degree = Math.PI / 180;
const wrap = (angle: number) => angle - 360 * Math.floor(angle / 360);

/** Celestial position of the native pole [deg] (Calabretta & Greisen 2002, eqs 8–10). */
function nativePole(wcs: CelestialWcs): [number, number] {
  const [lon, lat] = wcs.referenceValue;
  // A zenithal projection has its reference point at the native pole; CAR has it at the native origin.
  if (wcs.projection !== 'CAR') return [lon, lat];
  const phi = wcs.lonPole * degree;
  const base = Math.atan2(0, Math.cos(phi));
  const swing = Math.acos(Math.min(1, Math.max(-1, Math.sin(lat * degree) / Math.abs(Math.cos(phi)))));
  const candidates = [base + swing, base - swing]
    .map((angle) => Math.atan2(Math.sin(angle), Math.cos(angle)) / degree)
    .filter((angle) => Math.abs(angle) <= 90 + 1e-10);
  const poleLat = candidates.reduce((best, angle) => (Math.abs(angle - wcs.latPole) < Math.abs(best - wcs.latPole) ? angle : best), candidates[0] ?? Number.NaN);
  if (Math.abs(lat) >= 90) return [lon, poleLat];
  if (poleLat >= 90) return [lon + wcs.lonPole - 180, 90];
  if (poleLat <= -90) return [lon - wcs.lonPole, -90];
  // Both arguments of eq. 10 carry the positive factor 1/(cos δp cos δ0).
  const y = Math.sin(phi) * Math.cos(poleLat * degree);
  const x = -Math.sin(poleLat * degree) * Math.sin(lat * degree);
  return [lon - Math.atan2(y, x) / degree, poleLat];
}

/**
 * Rotates a direction on the sphere into the system whose pole stands at latitude `poleLat`; longitudes are
 * counted from that pole's meridian. Components towards the meridian, across it and along the pole.
 */
function rotate(lon: number, lat: number, poleLat: number): [number, number, number] {
  const cosLat = Math.cos(lat * degree);
  const sinLat = Math.sin(lat * degree);
  const cosLon = Math.cos(lon * degree);
  const cosPole = Math.cos(poleLat * degree);
  const sinPole = Math.sin(poleLat * degree);
  return [sinLat * cosPole - cosLat * sinPole * cosLon, -cosLat * Math.sin(lon * degree), sinLat * sinPole + cosLat * cosPole * cosLon];
}

/**
 * Sky position of a zero-based pixel.
 * @returns Longitude in [0, 360) and latitude [deg]; NaN where the projection has no sky.
 */
export function pixelToSky(wcs: CelestialWcs, x: number, y: number): [number, number] {
  const dx = x - wcs.referencePixel[0];
  const dy = y - wcs.referencePixel[1];
  const [a, b, c, d] = wcs.matrix;
  const xi = a * dx + b * dy;
  const eta = c * dx + d * dy;
  const [poleLon, poleLat] = nativePole(wcs);
  let phi = Math.atan2(xi, -eta) / degree;
  const r = Math.hypot(xi, eta);
  let theta: number;
  switch (wcs.projection) {
    case 'TAN': theta = Math.atan2(1, r * degree) / degree; break;
    case 'SIN': theta = Math.acos(r * degree) / degree; break;
    case 'ARC': theta = r <= 180 ? 90 - r : Number.NaN; break;
    case 'CAR': phi = xi; theta = Math.abs(eta) <= 90 ? eta : Number.NaN; break;
  }
  const [along, across, up] = rotate(phi - wcs.lonPole, theta, poleLat);
  return [wrap(poleLon + Math.atan2(across, along) / degree), Math.atan2(up, Math.hypot(along, across)) / degree];
}

/**
 * Zero-based pixel of a sky position [deg]; NaN where the projection does not show it (behind a TAN or SIN plane).
 */
export function skyToPixel(wcs: CelestialWcs, lon: number, lat: number): [number, number] {
  const [poleLon, poleLat] = nativePole(wcs);
  const [along, across, up] = rotate(lon - poleLon, lat, poleLat);
  const phi = wcs.lonPole * degree + Math.atan2(across, along);
  const flat = Math.hypot(along, across);
  let xi: number;
  let eta: number;
  if (wcs.projection === 'CAR') {
    xi = wrap(phi / degree + 180) - 180;
    eta = Math.atan2(up, flat) / degree;
  } else {
    let r = Math.atan2(flat, up) / degree;
    if (wcs.projection === 'TAN') r = up > 0 ? flat / up / degree : Number.NaN;
    else if (wcs.projection === 'SIN') r = up >= 0 ? flat / degree : Number.NaN;
    xi = r * Math.sin(phi);
    eta = -r * Math.cos(phi);
  }
  const [a, b, c, d] = wcs.matrix;
  const determinant = a * d - b * c;
  return [wcs.referencePixel[0] + (d * xi - b * eta) / determinant, wcs.referencePixel[1] + (a * eta - c * xi) / determinant];
}

/** Sides of a pixel along x and y [arcsec], at the reference point. */
export function pixelScales({ matrix: [a, b, c, d] }: CelestialWcs): [number, number] {
  return [Math.hypot(a, c) * 3600, Math.hypot(b, d) * 3600];
}

/** −1 for the usual handedness (east to the left when north is up), +1 for a mirrored image. */
export function parity({ matrix: [a, b, c, d] }: CelestialWcs): 1 | -1 {
  return a * d - b * c > 0 ? 1 : -1;
}

/** Unit vectors in pixels that point north and east at the reference point. */
export function northEast(wcs: CelestialWcs): { north: [number, number]; east: [number, number] } {
  const phi = wcs.lonPole * degree;
  // North is the direction of the celestial pole in the native system; east is a quarter turn from it.
  const poleLat = nativePole(wcs)[1] * degree;
  const north = wcs.projection === 'CAR' ? [Math.cos(poleLat) * Math.sin(phi), Math.sin(poleLat)] : [Math.sin(phi), -Math.cos(phi)];
  const [a, b, c, d] = wcs.matrix;
  const determinant = a * d - b * c;
  const inPixels = (xi: number, eta: number): [number, number] => {
    const dx = (d * xi - b * eta) / determinant;
    const dy = (a * eta - c * xi) / determinant;
    const size = Math.hypot(dx, dy);
    return [dx / size, dy / size];
  };
  return { north: inPixels(north[0]!, north[1]!), east: inPixels(north[1]!, -north[0]!) };
}
