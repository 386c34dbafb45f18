"""Isophotes of an image with photutils."""
import sys
import warnings

import numpy as np
from photutils.isophote import Ellipse, EllipseGeometry

from peer import serve

warnings.simplefilter('ignore')
side = int(sys.argv[2])
image = np.fromfile(sys.argv[1]).reshape(side, side)


def isophotes(x, y, a, ellipticity, angle):
    found = Ellipse(image, EllipseGeometry(x, y, a, ellipticity, np.radians(angle))).fit_image()
    outer = found.sma > 10
    return {'count': len(found), 'ellipticity': float(np.median(found.eps[outer]))}


serve(isophotes=isophotes)
