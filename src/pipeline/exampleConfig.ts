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
# effectiveRadius: 0.43 kpc        # major-axis half-light radius, in kpc or arcsec; default: measured on a cube, from its growth curve
#                                  # (line maps have no image: there it must be given)
# seeing: 0.8 arcsec               # FWHM; default: from the header
# seed: 1                          # of every random number

# geometry:                        # what is not given here is measured on a cube: centre and shape from its isophotes
#   center: [73.55625, -53.36106]  # right ascension, declination [deg]; or centerPixel: [149.5, 152.0], counted from zero
#   positionAngle: 48.6            # of the major axis, north through east [deg]
#   ellipticity: 0.286             # 1 - b/a
#   thickness: 0.2                 # intrinsic c/a of the disc
#   errors: {center: 0.3 arcsec, positionAngle: 5, ellipticity: 0.05, effectiveRadius: 0.05 kpc}   # for the error budget; default: those measured

foreground: {ebv: 0.008}           # Galactic E(B-V); \`none\` when the data are already corrected
#                                  # or {dustMap: FOLDER, scale: SFD98}: read from the maps of Schlegel, Finkbeiner & Davis (1998),
#                                  # SFD_dust_4096_ngp.fits and SFD_dust_4096_sgp.fits; scale SF11: 0.86 of them (Schlafly & Finkbeiner 2011)

# mask: mask.reg                   # DS9 region file, or a FITS image (non-zero = masked), or a list of them
# sources: mask                    # foreground stars and background galaxies are found and masked; keep: they stay
# binning:                         # adaptive bins; their S/N is continuum.binSN and lines.binSN
#   method: power                  # power diagrams; or wvt (weighted Voronoi), cvt (centroidal Voronoi), accretion
#   covariance: 0                  # noise of n spaxels over that of independent ones: 1 + covariance log10(n)
#   map: bins.fits                 # your own bins of the lines instead
# reference:                       # wider images with coordinates: flux calibration, effective radius, total light
#   images: {r: wide-r.fits}       # by band: g, r, i, z
#   curves: {z: SDSS_z.dat}        # curves of bands that are not built in (g, r, i are)
#   zeroPoint: 22.5                # AB magnitude of one count; default: from the headers
#   compare: centre                # in the central aperture; or stars: by isolated ones
#   apply: false                   # true: the cube is multiplied by the factor of r

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
#   bins: stars.fits               # your own bins for the stars alone
#   binSN: 50                      # S/N per Angstrom of adaptive bins of the stars; 0: the bins of the lines
#   absorption: 1.5                # local: rest-frame EW of the stellar Balmer absorption [Angstrom]
# lines:                           # emission lines
#   binSN: 10                      # S/N of adaptive bins in the weakest of the lines needed; 0: every spaxel is a bin
#   minEW: 5                       # EW(Ha) cut [Angstrom]
#   snLine: 3                      # S/N that a line needs
#   required: []                   # further lines that must be detected, such as OIII5007; what is not seen otherwise counts with its upper limit
#   tie: all                       # lines that share velocity and dispersion: all, balmer-forbidden or each
#   components: 1                  # 2: a second component where the evidence asks for it
#   ratioBounds: true              # [O II] and [S II] within the limits of low and high density
#   monteCarlo: 0                  # draws for the errors; 0: from the covariance
# dust: {balmer: 2.86}                          # intrinsic Ha/Hb
# starFormation: {calibration: L25}             # L25, W19, K98 or KE12
# abundance: {default: N2S2Ha, also: all}
# masses:                          # of the stars
#   stellar: 8.9 dex               # log10 of the stellar mass in Msun, or 8e8 Msun; default: M/L of the fit of the stars times the galaxy's light
#   stellarError: 0.1 dex          # or 1e8 Msun
# gas:                             # atomic hydrogen, for gas mass, gas fraction, baryonic mass and effective yield
#   hi: 8.33 dex                   # log10 of its mass in Msun without helium, or 2.1e8 Msun
#   hiError: 0.05 dex              # or 2e7 Msun
#                                  # or its 21-cm flux instead: hiFlux: 4.1 Jy km/s, hiFluxError: 0.3 Jy km/s; or looked up
#                                  # in catalogues (CSV, ECSV, VOTable, FITS), the preferred first, by name, else by position;
#                                  # columns by their usual names, or as NAME [unit]: name, ra, dec, flux, mass, distance, shared …
#   catalogues: [alfalfa.csv, {file: hipass.csv, columns: {name: ID, flux: "Sint [Jy km/s]", mass: "lgM [dex]"}}]
#   radius: 30 arcsec              # within which a position matches
#   missingHi: missing             # zero: none is assumed where none is known (said in every output)
#   yield: L25                     # mass fraction of oxygen per O/H: L25 (12), PS11 (11.905) or helium (11.620)
# gradient: {draws: 1000, minBins: 10, minRange: 0.5}
`;
}
