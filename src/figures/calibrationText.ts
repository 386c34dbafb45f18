/** The name of a calibration as people write it: N2S2Ha → N2S2Hα, M08-O3HbO2Hb → M08-O3HβO2Hβ. */
export const calibrationText = (name: string): string => name.replaceAll('Ha', 'Hα').replaceAll('Hb', 'Hβ');
