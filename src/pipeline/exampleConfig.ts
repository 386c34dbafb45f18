import { z } from 'zod';
import { configSchema } from './schema.js';

/** The JSON schema of the configuration, which editors use to complete and check keys. */
export function configJsonSchema(): unknown {
  return z.toJSONSchema(configSchema, { io: 'input' });
}

/** A commented configuration to start from. `schemaFile` is the JSON schema's name beside it. */
export function exampleConfig(schemaFile: string): string {
  return `# yaml-language-server: $schema=./${schemaFile}
# Configuration of one galaxy for zgrad measure and zgrad maps. Every key also works as --set key.path=value.
# A line that begins with # shows the default, or an example where there is none.

object: NGC1705
redshift: 0.00211                  # systemic, heliocentric; required
# distance: 5.10 Mpc               # luminosity distance; default: from the redshift (H0 = 70, Omega_m = 0.3),
#                                  # which is poor below z = 0.01
effectiveRadius: 0.43 kpc          # major-axis half-light radius, in kpc or arcsec
# seeing: 0.8 arcsec               # FWHM; default: from the header
# seed: 1                          # of every random number

geometry:
  # center: [73.55625, -53.36106]  # right ascension, declination [deg]; default: the centroid of the light
  positionAngle: 48.6              # of the major axis, north through east [deg]
  ellipticity: 0.286               # 1 - b/a
  # thickness: 0.2                 # intrinsic c/a of the disc
  # errors: {center: 0.3 arcsec, positionAngle: 5, ellipticity: 0.05, effectiveRadius: 0.05 kpc}   # for the error budget

foreground: {ebv: 0.008}           # Galactic E(B-V); \`none\` when the data are already corrected

# mask: mask.reg                   # DS9 region file, or a FITS image (non-zero = masked)
# binning: {map: bins.fits}        # your own bins; default: every distinct spectrum is a bin

# cube:                            # only for cubes that are neither MUSE's nor SAMI's, or to overrule a header
#   flux: FLUX
#   variance: VAR                  # or error: ERR, or ivar: IVAR
#   fluxUnit: 1e-20 erg/s/cm2/Angstrom
#   wavelengthUnit: Angstrom
#   lsf: {fwhm: 2.5 Angstrom}      # or muse, or {wavelength: [...], fwhm: [...]}

# continuum:                       # the stars under the lines
#   method: auto                   # ssp: stellar populations; local: straight lines; auto: ssp when the library is installed
#   templates: emiles              # a library of zgrad templates list; zgrad templates import DIR --name emiles
#   range: [3600, 7200]            # rest wavelengths that are fitted [Angstrom]
#   multiplicative: 8              # degree of the multiplicative polynomial
#   additive: -1                   # degree of the additive polynomial, -1 for none
#   moments: 2                     # 4: h3 and h4 too
#   reddening: null                # ccm89 or calzetti00: a reddening curve instead of the multiplicative polynomial
#   regularisation: 0              # smoothness of the weights in age and metallicity
#   clip: 3                        # standard deviations
#   gas: masked                    # or fitted: lines together with the stars
#   bootstrap: 0                   # draws for the errors of the stars; 0: formal errors
#   band: r                        # of the mass-to-light ratio: g, r or i
#   bins: stars.fits               # bins for the stars alone; default: those of the lines
#   absorption: 1.5                # local: rest-frame EW of the stellar Balmer absorption [Angstrom]
# lines:                           # emission lines
#   minEW: 5                       # EW(Ha) cut [Angstrom]
#   snLine: 3                      # S/N that a line needs
#   tie: all                       # lines that share velocity and dispersion: all, balmer-forbidden or each
#   components: 1                  # 2: a second component where the evidence asks for it
#   ratioBounds: true              # [O II] and [S II] within the limits of low and high density
#   monteCarlo: 0                  # draws for the errors; 0: from the covariance
# dust: {balmer: 2.86}                          # intrinsic Ha/Hb
# starFormation: {calibration: L25}             # L25, W19, K98 or KE12
# abundance: {default: N2S2Ha, also: all}
# gradient: {draws: 1000, minBins: 10, minRange: 0.5}
`;
}
