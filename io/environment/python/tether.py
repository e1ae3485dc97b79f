# Runs a program and ends it (and all it started) when standard input closes: that is, when the one who
# asked for it is gone, however it went.
import os
import signal
import subprocess
import sys
import threading


def watch(child):
    try:
        while os.read(0, 4096):
            pass
    except OSError:
        pass
    if os.name == "posix" and os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    child.kill()


child = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL)
threading.Thread(target=watch, args=(child,), daemon=True).start()
status = child.wait()
sys.stdout.flush()
# os._exit: the watching thread may sit in a read that the interpreter would wait for at its end.
os._exit(status if status >= 0 else 128 - status)
