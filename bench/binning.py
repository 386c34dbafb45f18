"""Voronoi binning as Cappellari & Copin (2003) describe it: accretion by whole-array numpy, then Lloyd iterations with scipy."""
import sys

import numpy as np
from scipy.spatial import cKDTree

from peer import serve

signal, noise = np.fromfile(sys.argv[1]).reshape(2, -1)
nx, target = int(sys.argv[2]), float(sys.argv[3])
x, y = (np.arange(len(signal)) % nx).astype(float), (np.arange(len(signal)) // nx).astype(float)


def sn_of(index):
    return signal[index].sum() / np.sqrt((noise[index] ** 2).sum())


def accrete():
    bins, free = [], np.ones(len(signal), bool)
    seed = np.argmax(signal / noise)
    while True:
        own = [seed]
        free[seed] = False
        sn = sn_of(own)
        while free.any() and sn < target:
            cx, cy = x[own].mean(), y[own].mean()
            near = np.argmin(np.where(free, (x - cx) ** 2 + (y - cy) ** 2, np.inf))
            grown = own + [near]
            if ((x[own] - x[near]) ** 2 + (y[own] - y[near]) ** 2).min() > 1.2 ** 2:
                break
            gx, gy = x[grown].mean(), y[grown].mean()
            if np.hypot(x[grown] - gx, y[grown] - gy).max() > 1.3 * np.sqrt(len(grown) / np.pi):
                break
            new = sn_of(grown)
            # Noise may lower the S/N of a bin that is still far from the target.
            if sn >= 0.8 * target and abs(new - target) > abs(sn - target):
                break
            own, sn = grown, new
            free[near] = False
        if sn >= 0.8 * target:
            bins.append(own)
        if not free.any():
            return bins
        done = ~free
        seed = np.argmin(np.where(free, (x - x[done].mean()) ** 2 + (y - y[done].mean()) ** 2, np.inf))


def bins():
    found = accrete()
    places = np.array([[x[own].mean(), y[own].mean()] for own in found])
    points = np.column_stack([x, y])
    weight = np.maximum(0, signal / noise) ** 4
    for _ in range(50):
        own = cKDTree(places).query(points)[1]
        total = np.bincount(own, weight, len(places))
        new = np.column_stack([np.bincount(own, weight * axis, len(places)) for axis in (x, y)]) / total[:, None]
        moved = ((new - places) ** 2).sum()
        places = new
        if moved < 1e-3:
            break
    sn = np.bincount(own, signal, len(places)) / np.sqrt(np.bincount(own, noise ** 2, len(places)))
    return {'count': len(places), 'scatter': float((sn / target).std())}


serve(bins=bins)
