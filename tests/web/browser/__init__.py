"""Tests in a real Chromium; a package, so that its browser and server end with it."""
