"""The version this package tells the cloud and package indexes."""

__version__ = "0.1.0"
SDK_VERSION = f"python-{__version__}"
