# Needs: scipy
# Where a small picture lies in large ones, by their correlation.
import numpy
import scipy.signal

state = numpy.random.RandomState(6)
found = 0
for turn in range(10):
    picture = state.normal(0, 1, (700, 900))
    row, column = 50 + turn * 40, 700 - turn * 50
    template = state.normal(0, 1, (48, 48))
    picture[row : row + 48, column : column + 48] += template
    likeness = scipy.signal.fftconvolve(picture, template[::-1, ::-1], mode="valid")
    place = numpy.unravel_index(int(likeness.argmax()), likeness.shape)
    found += place == (row, column)
print(found)
