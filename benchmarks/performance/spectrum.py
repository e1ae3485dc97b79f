# Needs: scipy
# A noisy signal: filtered, its spectrum, its peaks, and a curve fitted to them.
import numpy
import scipy.optimize
import scipy.signal

state = numpy.random.RandomState(4)
time = numpy.linspace(0, 20, 200_000)
found = 0
for turn in range(6):
    signal = numpy.sin(2 * numpy.pi * (5 + turn) * time) + state.normal(0, 0.5, time.size)
    filtered = scipy.signal.sosfiltfilt(scipy.signal.butter(6, 0.01, output="sos"), signal)
    frequencies, power = scipy.signal.welch(filtered, fs=10_000, nperseg=16_384)
    peaks, _ = scipy.signal.find_peaks(filtered, height=0.5)
    scipy.optimize.curve_fit(
        lambda x, a, f, p: a * numpy.sin(f * x + p), time[::100], filtered[::100], p0=[1, 2 * numpy.pi * (5 + turn), 0]
    )
    found += len(peaks) + int(power.argmax())
print(found > 0)
