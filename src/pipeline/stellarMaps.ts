import type { Channel } from './channel.js';
import type { Measured, StellarBins } from './stellarBins.js';
import type { StellarDensities } from './stellarMass.js';

const channel = (name: string, unit: string, { value, error }: Measured): Channel => ({ name, unit, values: value, errors: error });

/** The maps of the stars, those of the MaNGA DAP under its names. */
export function stellarMaps(stars: StellarBins, densities: StellarDensities | null): { readonly name: string; readonly channels: readonly Channel[] }[] {
  const { velocity, sigma, h3, h4, reddening } = stars;
  return [
    { name: 'STELLAR_VEL', channels: [channel('velocity', 'km/s', velocity)] },
    { name: 'STELLAR_SIGMA', channels: [channel('dispersion', 'km/s', sigma)] },
    { name: 'STELLAR_SIGMACORR', channels: [{ name: 'resolution difference', unit: 'km/s', values: sigma.value.map((value) => value * 0) }] },
    ...(h3 && h4 ? [{ name: 'STELLAR_GH', channels: [channel('h3', '', h3), channel('h4', '', h4)] }] : []),
    { name: 'STELLAR_FOM', channels: [
      { name: 'frms', unit: '', values: stars.rms }, { name: 'rchi2', unit: '', values: stars.reducedChi2 }, { name: '68th perc frac resid', unit: '', values: stars.residual68 },
      { name: '99th perc frac resid', unit: '', values: stars.residual99 }, { name: 'max frac resid', unit: '', values: stars.residual100 },
    ] },
    { name: 'STELLAR_POP', channels: [
      channel('log age, light', 'log(yr)', stars.logAgeLight), channel('log age, mass', 'log(yr)', stars.logAgeMass),
      channel('[M/H], light', 'dex', stars.metallicityLight), channel('[M/H], mass', 'dex', stars.metallicityMass), channel('M/L', 'Msun/Lsun', stars.massToLight),
    ] },
    ...(densities ? [{ name: 'STELLAR_MASS', channels: [channel('log surface density', 'log(Msun/kpc^2)', densities.logSigmaStar)] }] : []),
    ...(reddening ? [{ name: 'STELLAR_EBV', channels: [{ name: 'E(B-V)', unit: 'mag', values: reddening }] }] : []),
  ];
}
