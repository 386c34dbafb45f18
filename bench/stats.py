"""Spearman's correlation and its 1000 bootstraps with scipy's ranks, a matrix of drawn indices ranked row by row."""
import sys

import numpy as np
from scipy.stats import rankdata, spearmanr

from peer import serve

x, y = np.fromfile(sys.argv[1]).reshape(2, -1)
rng = np.random.default_rng(1)


def spearman(draws=1000):
    r, p = spearmanr(x, y)
    index = rng.integers(0, len(x), (draws, len(x)))
    a, b = rankdata(x[index], axis=1), rankdata(y[index], axis=1)
    a -= a.mean(axis=1, keepdims=True)
    b -= b.mean(axis=1, keepdims=True)
    drawn = np.einsum('ij,ij->i', a, b) / np.sqrt(np.einsum('ij,ij->i', a, a) * np.einsum('ij,ij->i', b, b))
    return {'r': float(r), 'p': float(p), 'error': float(drawn.std(ddof=1))}


serve(spearman=spearman)
