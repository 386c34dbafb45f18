"""Images and tables with astropy, every value in native byte order at the end."""
import numpy as np
from astropy.io import fits

from peer import serve


def sample(values):
    flat = values.reshape(-1)
    return {'sample': [float(flat[flat.size * i // 100]) for i in range(100)]}


def native(values):
    return np.ascontiguousarray(values, dtype=values.dtype.newbyteorder('='))


def compress(cube, to):
    with fits.open(cube) as file:
        fits.CompImageHDU(native(file[0].data), name='CUBE', compression_type='RICE_1').writeto(to)
    return {}


def image(path, name):
    with fits.open(path) as file:
        values = native(file[name].data)
    return sample(values)


def table(path, name=None):
    with fits.open(path) as file:
        data = file[1].data
        columns = {column: native(data[column]) for column in data.names}
    return sample(columns['BIN'])


serve(compress=compress, image=image, table=table)
