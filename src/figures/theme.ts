/** Sizes [pt] of text as printed: 18 cm wide figures keep 7 pt ticks, which a journal's column still shows. */
export const fontSize = { tick: 6.6, label: 7.4, title: 8.6, small: 6 } as const;

/** Widths [pt] of a figure over the page and over one column of a journal. */
export const pageWidth = 510;
export const columnWidth = 255;

export const ink = '#1a1a1a';
export const faint = '#6b6b6b';
/** Where there is no value: a grey that none of the colour maps has. */
export const noData = '#dcdcdc';

/** Colours that remain apart for colour-blind readers (after Okabe & Ito 2008). */
export const hues = {
  blue: '#0072b2', red: '#c8321e', orange: '#e69f00', green: '#009e73', purple: '#882f7c', sky: '#56b4e9', grey: '#8c8c8c',
} as const;

export const lineWidth = { axis: 0.6, thin: 0.45, data: 1 } as const;
