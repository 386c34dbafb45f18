import { stringify } from 'yaml';
import type { Simulation } from '../simulate/index.js';

/** A configuration (YAML) that measures a simulated cube with its true geometry, redshift, distance and foreground dust. */
export function simulationConfig({ settings, disk }: Simulation): string {
  const { object, redshift, psf, dust, position } = settings;
  return `# True geometry of a simulated galaxy, to measure its cube with.\n${stringify({
    object, redshift, distance: `${disk.luminosityDistance} Mpc`, effectiveRadius: `${disk.effectiveRadiusArcsec} arcsec`, seeing: `${psf.fwhm} arcsec`,
    geometry: { center: [...position], positionAngle: disk.positionAngle, ellipticity: disk.ellipticity, thickness: disk.thickness },
    foreground: dust.foreground > 0 ? { ebv: dust.foreground } : 'none',
    // The simulated stars are power laws with Balmer lines: no library of stellar populations is theirs.
    continuum: { method: 'local' },
    // A MUSE-format cube is taken to have MUSE's line-spread function.
    ...(settings.lsf.kind === 'constant' && { cube: { lsf: { fwhm: `${settings.lsf.fwhm} Angstrom` } } }),
    ...(settings.lsf.kind === 'table' && { cube: { lsf: { wavelength: [...settings.lsf.wavelength], fwhm: [...settings.lsf.fwhm] } } }),
  })}`;
}
