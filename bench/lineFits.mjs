/** Fits of twelve lines with MUSE's sampling, and of eight in one short window; scipy fits the same spectra with the same model and its analytic Jacobian. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { linearAxis, lsfSigma } from '../dist/light/index.js';
import { fixedDoublets, lineByName } from '../dist/nebula/index.js';
import { createRandom, erf } from '../dist/numeric/index.js';
import { createLineFitter } from '../dist/spectrum/index.js';
import { inTurns, median, startPeer, timed } from './harness.mjs';

const c = 299792.458;
const lsf = { kind: 'muse' };
/** Fluxes relative to Hβ as in an H II region; the weak line of a fixed doublet follows from the strong one. */
const relative = { Hg: 0.45, Hb: 1, OIII5007: 1.5, HeI5876: 0.12, OI6300: 0.08, Ha: 3, NII6583: 0.9, SII6716: 0.6, SII6731: 0.45 };
const doubletOf = (strong) => fixedDoublets.find((doublet) => doublet.strong === strong);

/** The lines of both benches: where MUSE sees them, and eight of them in one stretch of 240 pixels. */
const fields = {
  '12-line fits': {
    // Puts Hγ inside the range, so that there are twelve lines.
    redshift: 0.12, axis: linearAxis(4750, 1.25, 3682, 'air'), columns: Object.keys(relative), wavelengths: {}, options: {},
    note: "MUSE's pixels, 9 free fluxes, one velocity and dispersion, 3 fixed doublets, pixel-integrated, without continuum",
  },
  '8 tied Gaussians, 240 pixels': {
    redshift: 0, axis: linearAxis(6480, 1.25, 240, 'air'), columns: ['Hb', 'OIII5007', 'Ha', 'NII6583', 'SII6716', 'SII6731'],
    wavelengths: { Hb: 6500, OIII4959: 6540, OIII5007: 6580, NII6548: 6630, Ha: 6650, NII6583: 6670, SII6716: 6720, SII6731: 6740 },
    options: { avoid: [], ratioBounds: [], groups: [{ name: 'all', range: [6400, 6800], lines: ['Hb', 'OIII4959', 'OIII5007', 'NII6548', 'Ha', 'NII6583', 'SII6716', 'SII6731'] }] },
    note: '6 free fluxes, one velocity and dispersion, 2 fixed doublets, pixel-integrated, in one window of 240 pixels of 1.25 Å',
  },
};

/** The lines of a field for the peer: free flux (`column`), share of it, wavelength and instrumental dispersion [Å]. */
function linesOf({ columns, redshift, wavelengths }) {
  const names = columns.flatMap((name) => [doubletOf(name)?.weak, name]).filter((name) => name !== undefined);
  return names.map((name) => {
    const doublet = fixedDoublets.find(({ weak }) => weak === name);
    const centre = (wavelengths[name] ?? lineByName(name).air) * (1 + redshift);
    return { name, column: columns.indexOf(doublet?.strong ?? name), share: doublet ? 1 / doublet.ratio : 1, centre, instrument: lsfSigma(lsf, centre) };
  });
}

/** A spectrum of lines and noise of 1 per pixel: Hα with an S/N of 10 to 300, ±200 km/s, 20 to 80 km/s. */
function simulate({ axis, columns }, lines, random) {
  const between = (low, high) => low + (high - low) * random.uniform();
  const [velocity, sigma] = [between(-200, 200), between(20, 80)];
  // The error of Hα is about 3 of these units.
  const hb = Math.exp(between(Math.log(10), Math.log(300)));
  const fluxes = columns.map((name) => hb * relative[name] * Math.exp(0.2 * random.normal()));
  const flux = Float64Array.from(axis.wavelength, () => random.normal());
  for (const { column, share, centre: rest, instrument } of lines) {
    const centre = rest * (1 + velocity / c);
    const width = Math.hypot(instrument, (centre * sigma) / c);
    const below = (edge) => 0.5 * erf((edge - centre) / (width * Math.SQRT2));
    for (let k = 0; k < flux.length; k++) {
      const [from, to] = [axis.edges[k], axis.edges[k + 1]];
      if (Math.abs(from - centre) < 8 * width) flux[k] += (fluxes[column] * share * (below(to) - below(from))) / (to - from);
    }
  }
  return { fluxes, velocity, sigma, flux };
}

export async function lineFits({ folder, peers, quick }) {
  const rows = [];
  for (const [what, field] of Object.entries(fields)) rows.push(...await fitField(what, field, { folder: join(folder, `lines${rows.length}`), peers, quick }));
  return rows;
}

async function fitField(what, field, { folder, peers, quick }) {
  mkdirSync(folder, { recursive: true });
  const { axis, redshift, columns, wavelengths, options, note } = field;
  const lines = linesOf(field);
  const count = quick ? 500 : 1000;
  const random = createRandom(1, 'lines');
  const variance = new Float64Array(axis.wavelength.length).fill(1);
  const truths = Array.from({ length: count }, () => simulate(field, lines, random));
  const spectra = truths.map(({ flux }) => [{ axis, lsf, flux, variance }]);
  const underContinuum = truths.map(({ flux, fluxes }) => [{ axis, lsf, variance, flux: flux.map((value, k) => value + (fluxes[columns.indexOf('Ha')] / 40) * (1.2 - axis.wavelength[k] / 4e4)) }]);
  const names = lines.map(({ name }) => name);
  // scipy knows the given variances alone.
  const fitter = createLineFitter(spectra[0], { redshift, lines: names, wavelengths, continuum: false, scaleErrors: false, ...options });
  const withContinuum = createLineFitter(spectra[0], { redshift, lines: names, wavelengths, absorption: 0, ...options });
  const fitAll = (one, all) => timed(() => all.map((arms) => one.fit(arms)));

  writeFileSync(join(folder, 'spectra.f64'), Float64Array.from(truths.flatMap(({ flux }) => [...flux])));
  writeFileSync(join(folder, 'spectra.json'), JSON.stringify({
    count, edges: [...axis.edges], ha: columns.indexOf('Ha'), lines, windows: fitter.windows.map(({ from, to }) => [from, to]),
    // Near the truth, which scipy needs; ours looks for the lines by itself.
    starts: truths.map(({ fluxes, velocity, sigma }) => [...fluxes.map((value) => 1.1 * value), velocity + 10, 1.1 * sigma]),
  }));
  const peer = peers.scipy ? startPeer('line_fits.py', folder) : null;
  const repeats = quick ? 2 : 5;
  const lineRounds = await inTurns(repeats, () => fitAll(fitter, spectra), peer && (() => peer.ask('fit')));
  await peer?.close();
  const continuumRounds = await inTurns(repeats, () => fitAll(withContinuum, underContinuum), null);

  const ha = names.indexOf('Ha');
  const ours = lineRounds.ours[0].answer;
  const pulls = truths.map(({ fluxes }, i) => (ours[i].flux[ha] - fluxes[columns.indexOf('Ha')]) / ours[i].fluxError[ha]);
  const width = Math.sqrt(pulls.reduce((sum, pull) => sum + pull * pull, 0) / count);
  const check = agreement(ours, lineRounds.peer, ha);
  const fitted = ours.filter((fit) => Number.isFinite(fit.velocity)).length;
  return [
    {
      what, rounds: lineRounds, amount: count, unit: 'fits/s', peer: 'scipy',
      note: `${count} spectra, ${note}; ours looks for the lines within ±600 km/s `
        + `(kinematics found in ${fitted}) and measures sums, limits and errors besides, scipy's least_squares('lm', analytic Jacobian) starts beside the truth; Hα against the truth: width of (flux − truth)/error ${width.toFixed(2)}`
        + check.words,
      failed: check.failed,
    },
    { what: `${what} with continuum`, rounds: continuumRounds, amount: count, unit: 'fits/s', peer: null, note: 'the same lines on a continuum, which is fitted with them' },
  ];
}

/** Whether both found the same Hα fluxes, to a twentieth of their errors. */
function agreement(ours, rounds, ha) {
  if (!rounds) return { words: '', failed: false };
  const difference = median(rounds[0].ha.map((flux, i) => Math.abs(flux - ours[i].flux[ha]) / ours[i].fluxError[ha]));
  const failed = !(difference < 0.05);
  return { words: `; check: Hα of ours and scipy, median |difference|/σ = ${difference.toExponential(1)} (${failed ? 'FAILED' : 'passed'}: below 0.05 asked)`, failed };
}
