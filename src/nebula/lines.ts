/** Names of the emission lines: ion and air wavelength. */
export type LineName =
  | 'OII3726' | 'OII3729' | 'NeIII3869' | 'H8' | 'NeIII3968' | 'He' | 'Hd' | 'Hg' | 'OIII4363' | 'HeII4686' | 'Hb'
  | 'OIII4959' | 'OIII5007' | 'HeI5876' | 'OI6300' | 'SIII6312' | 'OI6364' | 'NII6548' | 'Ha' | 'NII6583' | 'HeI6678'
  | 'SII6716' | 'SII6731' | 'HeI7065' | 'ArIII7136' | 'OII7320' | 'OII7330' | 'SIII9069' | 'SIII9531';

/** An emission line. */
export interface Line {
  readonly name: LineName;
  /** Rest wavelength in air (Ciddor 1996) and in vacuum [Å]. */
  readonly air: number;
  readonly vacuum: number;
  /** The ion as figures write it: 'Hα', '[N II]'. */
  readonly ion: string;
  /** The line as figures and sentences write it: 'Hα', '[N II] 6583'. */
  readonly label: string;
  /** Channel name of the MaNGA DAP; a line that the DAP does not measure is named by its rule, the vacuum wavelength cut to whole Å. */
  readonly dapName: string;
  /** Name in the PHANGS-MUSE maps (air wavelength); null for a line that they do not hold. */
  readonly phangsName: string | null;
}

/** Name, air, vacuum [Å], ion, DAP channel, PHANGS name. */
type Row = readonly [LineName, number, number, string, string, string | null];

const rows: readonly Row[] = [
  ['OII3726', 3726.032, 3727.092, '[O II]', 'OII-3727', null],
  ['OII3729', 3728.815, 3729.875, '[O II]', 'OII-3729', null],
  ['NeIII3869', 3868.763, 3869.860, '[Ne III]', 'NeIII-3869', null],
  ['H8', 3889.049, 3890.151, 'H8', 'Hzet-3890', null],
  ['NeIII3968', 3967.467, 3968.590, '[Ne III]', 'NeIII-3968', null],
  ['He', 3970.072, 3971.195, 'Hε', 'Heps-3971', null],
  ['Hd', 4101.734, 4102.892, 'Hδ', 'Hdel-4102', null],
  ['Hg', 4340.464, 4341.684, 'Hγ', 'Hgam-4341', null],
  ['OIII4363', 4363.210, 4364.436, '[O III]', 'OIII-4364', null],
  ['HeII4686', 4685.704, 4687.015, 'He II', 'HeII-4687', null],
  ['Hb', 4861.325, 4862.683, 'Hβ', 'Hb-4862', 'HB4861'],
  ['OIII4959', 4958.911, 4960.295, '[O III]', 'OIII-4960', 'OIII4958'],
  ['OIII5007', 5006.843, 5008.240, '[O III]', 'OIII-5008', 'OIII5006'],
  ['HeI5876', 5875.623, 5877.252, 'He I', 'HeI-5877', 'HEI5875'],
  ['OI6300', 6300.304, 6302.046, '[O I]', 'OI-6302', 'OI6300'],
  ['SIII6312', 6312.064, 6313.810, '[S III]', 'SIII-6313', 'SIII6312'],
  ['OI6364', 6363.777, 6365.536, '[O I]', 'OI-6365', 'OI6363'],
  ['NII6548', 6548.051, 6549.860, '[N II]', 'NII-6549', 'NII6548'],
  ['Ha', 6562.795, 6564.608, 'Hα', 'Ha-6564', 'HA6562'],
  ['NII6583', 6583.451, 6585.270, '[N II]', 'NII-6585', 'NII6583'],
  ['HeI6678', 6678.146, 6679.990, 'He I', 'HeI-6679', null],
  ['SII6716', 6716.441, 6718.295, '[S II]', 'SII-6718', 'SII6716'],
  ['SII6731', 6730.816, 6732.674, '[S II]', 'SII-6732', 'SII6730'],
  ['HeI7065', 7065.709, 7067.657, 'He I', 'HeI-7067', null],
  ['ArIII7136', 7135.793, 7137.760, '[Ar III]', 'ArIII-7137', null],
  ['OII7320', 7319.993, 7322.010, '[O II]', 'OII-7322', 'OII7319'],
  ['OII7330', 7329.661, 7331.680, '[O II]', 'OII-7331', 'OII7330'],
  ['SIII9069', 9068.611, 9071.100, '[S III]', 'SIII-9071', 'SIII9068'],
  ['SIII9531', 9530.586, 9533.200, '[S III]', 'SIII-9533', null],
];

/**
 * The emission lines, by wavelength. Vacuum wavelengths are those of the MaNGA DAP (NIST; Westfall et al. 2019), whose
 * Balmer lines are weighted over their fine structure; H8 is blended with He I 3889, [O II] 7320 and 7330 are each the
 * stronger of a close pair.
 */
export const lines: readonly Line[] = rows.map(([name, air, vacuum, ion, dapName, phangsName]) => {
  const digits = /\d{4}$/.exec(name)?.[0];
  return { name, air, vacuum, ion, label: digits ? `${ion} ${digits}` : ion, dapName, phangsName };
});

const byName = new Map(lines.map((line) => [line.name, line]));

/** The line of a name. */
export function lineByName(name: LineName): Line {
  return byName.get(name)!;
}
