#!/usr/bin/env python3
"""A wheel of what `cmake --install BUILD --component python` installs, without PyPI: make_wheel.py BUILD FOLDER. Needs setuptools and wheel
(Debian: python3-setuptools, python3-wheel), and the Python that the module was built for."""
import pathlib
import subprocess
import sys
import tempfile

SETUP = """from setuptools import Distribution, setup


class Compiled(Distribution):
    def has_ext_modules(self):  # the wheel is for this Python and this system
        return True


setup(name="midlab", version={version!r}, packages=["midlab"], package_data={{"midlab": ["*", "data/*", "data/*/*"]}}, python_requires=">=3.9",
      install_requires=["numpy>=1.21"], license="MIT", distclass=Compiled)
"""


def main(build, out):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        subprocess.run(["cmake", "--install", build, "--component", "python", "--prefix", folder / "prefix"], check=True, stdout=subprocess.DEVNULL)
        package = next((folder / "prefix").rglob("midlab/__init__.py"), None)
        if package is None:
            sys.exit(f"{build} has no Python module; configuring says why it is left out")
        package.parent.rename(folder / "midlab")
        version = subprocess.run([sys.executable, "-c", "import midlab; print(midlab.__version__)"], cwd=folder, check=True, capture_output=True, text=True).stdout.strip()
        (folder / "setup.py").write_text(SETUP.format(version=version))
        subprocess.run([sys.executable, "setup.py", "-q", "bdist_wheel", "--dist-dir", pathlib.Path(out).resolve()], cwd=folder, check=True)
    print(next(pathlib.Path(out).glob(f"midlab-{version}-*.whl")))


if len(sys.argv) != 3:
    sys.exit(__doc__)
main(*sys.argv[1:])
