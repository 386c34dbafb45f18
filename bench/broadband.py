"""Images of a cube through filters with astropy and numpy: a weighted sum over the planes, plane by plane, NaN left out."""
import sys

import numpy as np
from astropy.io import fits

from peer import peak_memory, serve

path, with_variance, *names = sys.argv[1:]
# Every 60 A from 5379 and 6599 A: SDSS r and i with 1.2 air masses (Doi et al. 2010).
CURVES = {
    'r': (5379, [0.0004, 0.0049, 0.0586, 0.1809, 0.2904, 0.3751, 0.414, 0.4343, 0.4492, 0.4583, 0.4669, 0.4743, 0.48, 0.4792, 0.4867, 0.4955,
                 0.4994, 0.5014, 0.5001, 0.501, 0.5004, 0.4849, 0.4013, 0.2174, 0.0702, 0.0208, 0.0087, 0.0033, 0]),
    'i': (6599, [0.0003, 0.0014, 0.0055, 0.0295, 0.1004, 0.2046, 0.3295, 0.4027, 0.4348, 0.4429, 0.4154, 0.4238, 0.4217, 0.4241, 0.4147, 0.4036,
                 0.4081, 0.2197, 0.3629, 0.3618, 0.3458, 0.338, 0.3317, 0.3256, 0.32, 0.3121, 0.2555, 0.1202, 0.0259, 0.0087, 0]),
}


def response(name, wave):
    if name == 'white':
        return np.ones(len(wave))
    if name.startswith('box:'):
        low, high = map(float, name[4:].split('-'))
        return ((wave >= low) & (wave <= high)).astype(float)
    start, values = CURVES[name]
    return np.interp(wave, start + 60 * np.arange(len(values)), values, 0, 0)


def image():
    with fits.open(path) as file:
        data = file['DATA'].data
        stat = file['STAT'].data if with_variance == 'with' else None
        wave = 4750 + 1.25 * np.arange(len(data))
        weights = [response(name, wave) * wave for name in names]
        total = np.zeros((len(names), *data.shape[1:]))
        norm = np.zeros_like(total)
        square = np.zeros_like(total)
        for k in range(len(data)):
            if not any(w[k] for w in weights):
                continue
            plane = data[k].astype(np.float64)
            good = np.isfinite(plane)
            if stat is not None:
                noise = stat[k].astype(np.float64)
                good &= np.isfinite(noise) & (noise > 0)
                noise[~good] = 0
            plane[~good] = 0
            for band, w in enumerate(weights):
                if w[k]:
                    total[band] += w[k] * plane
                    norm[band] += w[k] * good
                    if stat is not None:
                        square[band] += w[k] ** 2 * noise
        images = [(total / norm).reshape(len(names), -1)] + ([(square / norm ** 2).reshape(len(names), -1)] if stat is not None else [])
    return {'peak': peak_memory(), 'sample': [float(of[band, s]) for band in range(len(names)) for s in (0, 17, 45000, 89999) for of in images]}


serve(image=image)
