# Needs: numpy
# Two substances that react and spread (Gray and Scott), on a torus of 160 by 160 places.
import numpy

size, steps = 160, 500
state = numpy.random.RandomState(1)
u = numpy.ones((size, size))
v = numpy.zeros((size, size))
middle = slice(size // 2 - 10, size // 2 + 10)
u[middle, middle], v[middle, middle] = 0.5, 0.25
v += 0.01 * state.rand(size, size)


def spread(field):
    return (
        numpy.roll(field, 1, 0)
        + numpy.roll(field, -1, 0)
        + numpy.roll(field, 1, 1)
        + numpy.roll(field, -1, 1)
        - 4 * field
    )


for _ in range(steps):
    reaction = u * v * v
    u += 0.16 * spread(u) - reaction + 0.035 * (1 - u)
    v += 0.08 * spread(v) + reaction - 0.1 * v
print(round(float(u.mean()), 3))
