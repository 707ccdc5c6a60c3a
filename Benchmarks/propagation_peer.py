"""Budgets per second of the same model by the Python package `uncertainties`: COUNT."""

import sys
import time

from uncertainties import ufloat

count = int(sys.argv[1])
total = 0.0
start = time.perf_counter()
for n in range(count):
    indicated = ufloat(0.1 + n * 1e-9, (1.2e-5**2 + 1e-4**2) ** 0.5)
    reference = ufloat(0.1, 1e-4) * (1 + 2e-4 * ufloat(1.5, 0.3))
    total += ((indicated - reference) / reference).std_dev
print(count / (time.perf_counter() - start), total / count)
