# Needs: pillow
# A catalogue of photographs: each is decoded, and its size, its mean colour and how bright it is are told.
import io

from PIL import Image, ImageStat

kept = []
for number in range(6):
    bands = [Image.radial_gradient("L").rotate(number * 15 + turn * 40).resize((2000, 1500)) for turn in range(3)]
    file = io.BytesIO()
    Image.merge("RGB", bands).save(file, "JPEG", quality=88)
    kept.append(file.getvalue())
catalogue = []
for _ in range(6):
    for content in kept:
        image = Image.open(io.BytesIO(content))
        image.load()
        mean = ImageStat.Stat(image.resize((64, 48))).mean
        catalogue.append((image.size, [round(value) for value in mean], max(image.convert("L").histogram())))
print(len(catalogue))
