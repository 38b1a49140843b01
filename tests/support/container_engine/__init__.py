"""A container engine for the tests: Docker where one answers, otherwise podman with images made on this machine."""
