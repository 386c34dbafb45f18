"""A gradient and its 1000 bootstraps with numpy: a matrix of drawn indices, and the closed form of the least-squares line."""
import sys

import numpy as np

from peer import serve

x, y = np.fromfile(sys.argv[1]).reshape(2, -1)
rng = np.random.default_rng(1)


def gradient(draws=1000):
    n = len(x)
    index = rng.integers(0, n, (draws, n))
    # About the mean, so that nothing cancels.
    mean_x, mean_y = x.mean(), y.mean()
    a, b = (x - mean_x)[index], (y - mean_y)[index]
    sx, sy = a.sum(axis=1), b.sum(axis=1)
    sxx, sxy = np.einsum('ij,ij->i', a, a), np.einsum('ij,ij->i', a, b)
    slope = (n * sxy - sx * sy) / (n * sxx - sx * sx)
    intercept = mean_y + (sy - slope * sx) / n - slope * mean_x
    low, middle, high = np.percentile(slope, [16, 50, 84])
    return middle, slope.std(ddof=1), low, high, np.median(intercept), intercept.std(ddof=1)


def gradients(times):
    found = [gradient() for _ in range(times)]
    return {'slopeError': found[0][1]}


serve(gradients=gradients)
