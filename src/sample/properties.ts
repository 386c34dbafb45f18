/** A property of a galaxy that a sample table can hold: its column. */
export interface Property {
  readonly name: string;
  /** FITS spelling, 'Re' for the effective radius; null for a pure number, 'text' for words. */
  readonly unit: string | null;
  readonly description: string;
  /** For the axis of a figure, unit included. */
  readonly label: string;
  /** Other names for it, compared without capitals and punctuation; the name itself and '…Error' columns need no entry. */
  readonly synonyms: readonly string[];
  /** The column holds the decimal logarithm of a quantity in this unit: a column of that dimension is converted. */
  readonly logOf?: string;
  /** Names that mean the quantity itself where the column holds its logarithm. */
  readonly linear?: readonly string[];
}

const row = (name: string, unit: string | null, label: string, description: string, synonyms = '', log?: { of: string; linear: string }): Property => ({
  name, unit, label, description, synonyms: words(synonyms), ...(log ? { logOf: log.of, linear: words(log.linear) } : {}),
});
const words = (text: string): string[] => text.split(' ').filter(Boolean);

/** The canonical columns of a sample. Each number may have a column of its 1σ error, named with 'Error' behind it. */
export const properties: readonly Property[] = [
  row('object', 'text', 'galaxy', 'Name of the galaxy', 'galaxy name objname object_name id objectid galname target plateifu source'),
  row('ra', 'deg', 'R.A. [deg]', 'Right ascension, ICRS', 'raj2000 ra_j2000 _raj2000 right_ascension objra'),
  row('dec', 'deg', 'Dec. [deg]', 'Declination, ICRS', 'de dej2000 decj2000 dec_j2000 _dej2000 declination objdec'),
  row('redshift', null, 'z', 'Heliocentric redshift', 'z zsp zspec z_nsa nsa_z z_helio zhel'),
  row('velocity', 'km/s', 'cz [km/s]', 'Heliocentric recession velocity cz', 'vh v_h cz vhel v_hel radvel radial_velocity vrad vlsr recession_velocity'),
  row('distance', 'Mpc', 'D [Mpc]', 'Luminosity distance', 'dist d bestdist luminosity_distance dl distance_mpc'),
  row('absoluteMagnitude', 'mag', 'M [mag]', 'Absolute magnitude, in the band of the source', 'absmag mabs m_b mb mr m_r absolute_magnitude'),
  row('exposure', 's', 'exposure [s]', 'Exposure time', 'exptime texp exposure_time t_exp'),
  row('coverage', 'Re', 'coverage [Re]', 'Radius that the field covers', 'field_coverage fov_re radius_covered'),
  row('effectiveRadius', 'kpc', 'Re [kpc]', 'Half-light radius along the major axis', 're r_e reff r_eff effective_radius r50 half_light_radius rhalf'),
  row('ellipticity', null, 'ε', 'Ellipticity 1 − b/a', 'eps ell ellip'),
  row('positionAngle', 'deg', 'PA [deg]', 'Position angle of the major axis, north through east', 'pa pos_ang posang position_angle'),
  row('inclination', 'deg', 'i [deg]', 'Inclination of the disc', 'incl inc i'),
  row('logMstar', 'dex', 'log M* [M☉]', 'Stellar mass, log [Msun]', 'log_mstar logmass log_mass logm lgm lgmstar log_m_star logmstellar stellar_mass_log log_stellar_mass lgm_tot', { of: 'Msun', linear: 'mstar m_star stellar_mass mass mass_star' }),
  row('logMhi', 'dex', 'log M(HI) [M☉]', 'Mass of atomic hydrogen, log [Msun]', 'log_mhi loghi log_hi_mass lgmhi', { of: 'Msun', linear: 'mhi m_hi hi_mass' }),
  row('fluxHi', 'Jy km/s', 'S(21 cm) [Jy km/s]', 'Integrated flux of the 21-cm line', 'f_hi fhi hi_flux flux_hi s21 hiflux'),
  row('logSfr', 'dex', 'log SFR [M☉/yr]', 'Star formation rate, log [Msun/yr]', 'log_sfr lgsfr', { of: 'Msun/yr', linear: 'sfr star_formation_rate' }),
  row('oh', 'dex', '12 + log(O/H)', '12 + log(O/H), integrated', 'oh12 12logoh 12+log(o/h) logoh12 log_oh_12 metallicity o/h oxygen_abundance logoh+12 12log(o/h)'),
  row('ohInner', 'dex', '12 + log(O/H), R < 0.5 Re', '12 + log(O/H) inside half an effective radius', 'oh_inner oh_in'),
  row('ohOuter', 'dex', '12 + log(O/H), R > 0.5 Re', '12 + log(O/H) outside half an effective radius', 'oh_outer oh_out'),
  row('gradient', 'dex/Re', '∇(O/H) [dex/Re]', 'Radial gradient of 12 + log(O/H) per effective radius', 'grad_re grad gradient_re dex_re metallicity_gradient oh_gradient slope_re alpha_oh'),
  row('gradientKpc', 'dex/kpc', '∇(O/H) [dex/kpc]', 'Radial gradient of 12 + log(O/H) per kpc', 'grad_kpc gradient_kpc slope_kpc dlogz'),
  row('logYeff', 'dex', 'log y_eff', 'Effective yield of oxygen, log', 'log_yeff yeff_log log_y_eff', { of: '', linear: 'yeff y_eff effective_yield' }),
  row('logMbaryon', 'dex', 'log M(baryon) [M☉]', 'Stars and all cold gas, log [Msun]', 'log_mbaryon log_mbar logmbar', { of: 'Msun', linear: 'mbaryon mbar baryonic_mass' }),
  row('logMgas', 'dex', 'log M(gas) [M☉]', 'Cold gas with helium, log [Msun]', 'log_mgas', { of: 'Msun', linear: 'mgas m_gas gas_mass' }),
  row('potential', 'dex', 'log M*/Re [M☉/kpc]', 'Depth of the potential, log of stellar mass over effective radius [Msun/kpc]', 'phi log_phi'),
  row('sfrGradient', 'dex/Re', '∇ log Σ(SFR) [dex/Re]', 'Radial gradient of log Σ_SFR', 'grad_log_sfr grad_sfr grad_log_sigma_sfr'),
  row('ssfrGradient', 'dex/Re', '∇ log sSFR [dex/Re]', 'Radial gradient of log Σ_SFR/Σ_*', 'grad_log_ssfr grad_ssfr'),
  row('sigmaStarGradient', 'dex/Re', '∇ log Σ* [dex/Re]', 'Radial gradient of log Σ_*', 'grad_log_sigma_star grad_sigma_star'),
  row('density', 'dex', 'η_k', 'Projected density of neighbours, log [1/Mpc³]', 'eta_k eta eta5 eta_5 etak'),
  row('velocityClass', 'text', 'velocity field', "'regular' or 'irregular' velocity field", 'velocity_class velocity_field vclass kinematic_class'),
  row('environment', 'text', 'environment', "'field', 'group' or 'cluster'", 'env environment_class'),
  row('starFormingBins', null, 'star-forming bins', 'Number of star-forming bins', 'bins nbins n_bins sf_bins n_sf n_spaxels'),
  row('radialRange', 'Re', 'range of radii [Re]', 'Range of radii that the star-forming bins span', 'radial_range r_range'),
  row('starFormingRegions', null, 'star-forming regions', 'Number of star-forming regions', 'sf_regions n_regions nregions n_hii'),
];

const byName = new Map(properties.map((property) => [property.name, property]));

/** The property of a canonical name; undefined when there is none. */
export const propertyNamed = (name: string): Property | undefined => byName.get(name);

/** A name without capitals and punctuation, as names are compared. */
export const columnKey = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

interface Meaning {
  readonly property: Property;
  /** True for the quantity itself where the property is its logarithm. */
  readonly linear: boolean;
}

const meanings = new Map<string, Meaning>();
for (const property of properties) {
  for (const name of [property.name, ...property.synonyms]) meanings.set(columnKey(name), { property, linear: false });
  for (const name of property.linear ?? []) meanings.set(columnKey(name), { property, linear: true });
}

/** What a name of a user's column means; undefined when it is not one of the names known here. */
export const meaningOf = (name: string): Meaning | undefined => meanings.get(columnKey(name));
