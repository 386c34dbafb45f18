"""The line fit of lineFits.mjs with scipy: fluxes, velocity and dispersion by least_squares('lm') with its analytic Jacobian."""
import json
import os
import sys

import numpy as np
from scipy.optimize import least_squares
from scipy.special import erf

from peer import serve

C = 299792.458
folder = sys.argv[1]
with open(os.path.join(folder, 'spectra.json')) as file:
    given = json.load(file)
edges = np.array(given['edges'])
spectra = np.fromfile(os.path.join(folder, 'spectra.f64')).reshape(given['count'], -1)
# Only the pixels of the windows are fitted; `place` is the number of a pixel among them, one past the end for the others.
pixels = np.concatenate([np.arange(*window) for window in given['windows']])
place = np.full(len(edges) - 1, len(pixels))
place[pixels] = np.arange(len(pixels))
column = np.array([line['column'] for line in given['lines']])
share = np.array([line['share'] for line in given['lines']])[:, None]
rest = np.array([line['centre'] for line in given['lines']])[:, None]
instrument = np.array([line['instrument'] for line in given['lines']])[:, None]
free = column.max() + 1


class Model:
    """Residuals and Jacobian; every line is evaluated in the pixels around it alone, and once for both."""

    def __init__(self, flux, start):
        self.flux = flux[pixels]
        centre = rest * (1 + start[-2] / C)
        reach = int(np.ceil(7 * np.max(np.hypot(instrument, centre * start[-1] / C)) / (edges[1] - edges[0])))
        near = np.searchsorted(edges, centre[:, 0])[:, None] + np.arange(-reach, reach + 1)
        self.edges = edges[near]
        self.width = np.diff(self.edges)
        self.at = place[near[:, :-1]]
        self.flat = self.at.ravel()
        self.columns = np.broadcast_to(column[:, None], self.at.shape)
        self.x = None

    def profiles(self, x):
        if self.x is not None and np.array_equal(x, self.x):
            return
        self.x = x.copy()
        centre = rest * (1 + x[-2] / C)
        gas = centre * x[-1] / C
        sigma = np.hypot(instrument, gas)
        t = (self.edges - centre) / sigma
        density = np.exp(-0.5 * t * t) / np.sqrt(2 * np.pi)
        self.value = share * np.diff(0.5 * erf(t / np.sqrt(2))) / self.width
        by_centre = -share * np.diff(density) / (sigma * self.width)
        by_sigma = -share * np.diff(t * density) / (sigma * self.width)
        # The dispersion in Å grows with the centre.
        self.by_velocity = (by_centre + by_sigma * gas * x[-1] / (C * sigma)) * rest / C
        self.by_dispersion = by_sigma * gas * centre / (C * sigma)

    def onto_pixels(self, values):
        return np.bincount(self.flat, values.ravel(), len(pixels) + 1)[:-1]

    def residuals(self, x):
        self.profiles(x)
        return self.onto_pixels(x[column][:, None] * self.value) - self.flux

    def jacobian(self, x):
        self.profiles(x)
        amplitude = x[column][:, None]
        out = np.zeros((len(pixels) + 1, free + 2))
        out[self.at, self.columns] = self.value
        out = out[:-1]
        out[:, -2] = self.onto_pixels(amplitude * self.by_velocity)
        out[:, -1] = self.onto_pixels(amplitude * self.by_dispersion)
        return out


def fit():
    found = []
    for flux, start in zip(spectra, given['starts']):
        model = Model(flux, start)
        found.append(least_squares(model.residuals, start, jac=model.jacobian, method='lm', x_scale='jac').x)
    return {'ha': np.array(found)[:, given['ha']].tolist()}


serve(fit=fit)
