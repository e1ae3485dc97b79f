# Runs the pip that a wheel file holds, without installing it: `bundled_pip.py WHEEL ARGUMENT...`.
import runpy
import sys

sys.path.insert(0, sys.argv.pop(1))
runpy.run_module("pip", run_name="__main__", alter_sys=True)
