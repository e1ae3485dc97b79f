# Images with Pillow.
import json
import os
import sys
import time

import io
import random

import PIL
from PIL import Image, ImageFilter

DEFAULTS = {"WIDTH": "640", "HEIGHT": "480"}
parameters = {name: os.environ.get(name, default) for name, default in DEFAULTS.items()}


def measure(work, loops=1):
    """Milliseconds that one call takes, of each repetition; those that warm up are left out."""
    # Time of the processor is not spent while others have it.
    clock = time.process_time if os.environ.get("THOTH_CLOCK") == "processor" else time.perf_counter
    warmup, repetitions = int(os.environ.get("THOTH_WARMUP", 2)), int(os.environ.get("THOTH_REPETITIONS", 7))
    times = []
    for turn in range(warmup + repetitions):
        started = clock()
        for _ in range(loops):
            work()
        if turn >= warmup:
            times.append((clock() - started) * 1000 / loops)
    return times


def tell(name, component, version, results, **more):
    answer = {"name": name, "component": component, "version": version, "parameters": parameters, "results": results}
    answer.update(more)
    json.dump(answer, sys.stdout)


width, height = int(parameters["WIDTH"]), int(parameters["HEIGHT"])
# A picture with gradients and some grain.
chance = random.Random(0)
pixels = bytes(
    value
    for y in range(height)
    for x in range(width)
    for value in (x * 255 // width, y * 255 // height, (x * y + chance.randrange(16)) % 256)
)
image = Image.frombytes("RGB", (width, height), pixels)


def encode(kind, **options):
    target = io.BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


def decode(data):
    Image.open(io.BytesIO(data)).load()


jpeg, png = encode("JPEG", quality=85), encode("PNG", compress_level=6)
results = {
    "resize": measure(lambda: image.resize((width // 3, height // 3), Image.LANCZOS), 3),
    "blur": measure(lambda: image.filter(ImageFilter.GaussianBlur(4))),
    "jpeg-encode": measure(lambda: encode("JPEG", quality=85), 3),
    "jpeg-decode": measure(lambda: decode(jpeg), 3),
    "png-encode": measure(lambda: encode("PNG", compress_level=6)),
    "png-decode": measure(lambda: decode(png), 3),
}
version = getattr(PIL, "__version__", None) or PIL.PILLOW_VERSION
tell("pillow-images", "pillow", version, results)
