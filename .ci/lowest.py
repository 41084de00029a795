"""Print the oldest versions that setup.cfg allows of what the app needs, as requirements for pip, one a line."""

import configparser
import re

setup = configparser.ConfigParser(interpolation=None)
setup.read("setup.cfg")
for line in setup["options"]["install_requires"].strip().splitlines():
    name, version = re.match(r"([\w-]+)(?:\[\w+\])? >= ([\d.]+)", line).groups()
    print(f"{name}=={version}")
