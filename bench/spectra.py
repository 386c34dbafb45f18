"""The peers of spectra.mjs: numpy and scipy, and the published method written down plainly with least_squares and nnls."""
import json
import os
import sys
import time

import numpy as np
from numpy.polynomial import legendre
from scipy import linalg
from scipy.optimize import least_squares, nnls

from peer import serve

folder = sys.argv[1]
with open(os.path.join(folder, 'spectra.json')) as file:
    given = json.load(file)


def read(name):
    return np.fromfile(os.path.join(folder, name))


data = read('data.f64')
matrix = np.ascontiguousarray(read('matrix.f64').reshape(-1, len(data)).T)
product = matrix.T @ matrix
wave = np.sin(np.arange(4096.0) ** 2)


def many(count, work):
    """Seconds a call takes, of many, with what the last one answered."""
    start = time.perf_counter()
    for _ in range(count):
        answer = work()
    return {'seconds': (time.perf_counter() - start) / count}, answer


def rfft(count):
    return many(count, lambda: np.fft.rfft(wave))[0]


def gram(count):
    return many(count, lambda: matrix.T @ matrix)[0]


def cholesky(count):
    return many(count, lambda: linalg.cholesky(product, lower=True))[0]


def non_negative(count):
    seconds, (_, norm) = many(count, lambda: nnls(matrix, data))
    return {**seconds, 'chi2': norm ** 2}


pixels, margin, scale, signal = (given[key] for key in ('pixels', 'margin', 'velocityScale', 'signal'))
x = np.linspace(-1, 1, pixels)


class Fit:
    """Residuals over V and σ of the stars (and the gas) and the multiplicative polynomial; weights by nnls."""

    def __init__(self, number):
        self.case = given['cases'][number]
        self.flux = read(f'flux{number}.f64')
        spectra = read(f'templates{number}.f64').reshape(-1, pixels + 2 * margin)
        self.length = 1 << int(np.ceil(np.log2(spectra.shape[1])))
        self.transforms = np.fft.rfft(spectra, self.length)
        self.omega = 2 * np.pi * np.arange(self.transforms.shape[1]) / self.length
        self.additive = [legendre.legval(x, np.eye(k + 1)[k]) for k in range(self.case['additive'] + 1)]
        self.evaluations = 0

    def residuals(self, p):
        self.evaluations += 1
        stars = self.case['stars']
        transforms = self.transforms.copy()
        for part, (v, s) in ((slice(0, stars), p[:2]), (slice(stars, None), p[2:4] if self.case['lines'] else p[:2])):
            transforms[part] *= np.exp(-1j * self.omega * v - 0.5 * (s * self.omega) ** 2)
        columns = np.fft.irfft(transforms, self.length)[:, margin:margin + pixels]
        polynomial = p[4 if self.case['lines'] else 2:]
        if len(polynomial):
            columns[:stars] *= legendre.legval(x, np.r_[1, polynomial])
        # Additive terms may have either sign.
        columns = np.vstack([columns, self.additive, -np.array(self.additive)]) if self.additive else columns
        weights, _ = nnls(columns.T, self.flux)
        return (columns.T @ weights - self.flux) * signal


def fit(number):
    model = Fit(number)
    start = [0, 100 / scale] + ([0, 50 / scale] if model.case['lines'] else []) + [0] * model.case['multiplicative']
    found = least_squares(model.residuals, start, x_scale='jac')
    return {'velocity': found.x[0] * scale, 'sigma': abs(found.x[1]) * scale, 'chi2': 2 * found.cost, 'evaluations': model.evaluations}


serve(rfft=rfft, gram=gram, cholesky=cholesky, nnls=non_negative, fit=fit)
