# Needs: pillow
# Thumbnails of photographs: decoded, turned, made small, made sharper, and encoded.
import io

from PIL import Image, ImageFilter, ImageOps

photographs = []
for number in range(4):
    image = Image.radial_gradient("L").resize((1600, 1200))
    tinted = ImageOps.colorize(image, (number * 40, 20, 60), (250, 200, 255 - number * 30))
    kept = io.BytesIO()
    tinted.effect_spread(3).save(kept, "JPEG", quality=90)
    photographs.append(kept.getvalue())
size = 0
for photograph in photographs:
    image = Image.open(io.BytesIO(photograph)).convert("RGB")
    for box in ((800, 600), (320, 240), (96, 96)):
        small = ImageOps.fit(image.rotate(90, expand=True), box).filter(ImageFilter.SHARPEN)
        kept = io.BytesIO()
        small.save(kept, "JPEG", quality=80)
        size += len(kept.getvalue())
print(size > 0)
