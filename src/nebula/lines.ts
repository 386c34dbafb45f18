/** Names of the emission lines: ion and air wavelength. */
export type LineName =
  | 'OII3726' | 'OII3729' | 'NeIII3869' | 'H8' | 'NeIII3968' | 'He' | 'Hd' | 'Hg' | 'OIII4363' | 'HeII4686' | 'Hb'
  | 'OIII4959' | 'OIII5007' | 'HeI5876' | 'OI6300' | 'SIII6312' | 'OI6364' | 'NII6548' | 'Ha' | 'NII6583' | 'HeI6678'
  | 'SII6716' | 'SII6731' | 'HeI7065' | 'ArIII7136' | 'OII7320' | 'OII7330' | 'SIII9069' | 'SIII9531';
