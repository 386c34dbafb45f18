/** `node readLargeCube.mjs FILE`: reads the cube of a FITS file as spectra, in a process of its own for the sake of its peak memory. */
import { readCubeSpectra } from '../dist/fits/index.js';
import { openFitsFile } from '../dist/host/index.js';
import { timed } from './harness.mjs';
import { peakMemory } from './peak.mjs';

const { answer: spectra, seconds } = await timed(async () => {
  const fits = await openFitsFile(process.argv[2]);
  return readCubeSpectra(fits, fits.hdus[0]);
});
const sample = Array.from({ length: 100 }, (_, i) => spectra[Math.floor((spectra.length * i) / 100)]);
process.stdout.write(JSON.stringify({ seconds, peak: peakMemory(), sample }));
