# Needs: numpy
# The main directions of a cloud of points, and least squares, again and again.
import numpy

state = numpy.random.RandomState(2)
mixing = state.rand(120, 120)
total = 0.0
for _ in range(12):
    points = state.standard_normal((3000, 120)) @ mixing
    points -= points.mean(axis=0)
    values, directions = numpy.linalg.eigh(points.T @ points)
    rotated = points @ directions[:, ::-1]
    answer, *_ = numpy.linalg.lstsq(rotated, points[:, 0], rcond=None)
    total += float(numpy.abs(answer).sum())
print(total > 0)
