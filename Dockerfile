# The image of the worker, the web service and the commands in starter.py. docker-compose.yml runs
# all three.

FROM python:3.11-slim-trixie AS interpreter
ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1


FROM interpreter AS packages
COPY requirements-worker.lock .
# Wheels only: what would have to be compiled, or could run a script of its own, fails the build.
RUN python -m venv --without-pip /opt/dunlin \
    && python -m pip --python /opt/dunlin/bin/python install \
        --no-cache-dir --disable-pip-version-check --only-binary :all: --require-hashes \
        --requirement requirements-worker.lock


FROM interpreter AS worker
COPY --from=packages /opt/dunlin /opt/dunlin
WORKDIR /app
COPY models models
COPY domain domain
COPY workflows workflows
COPY activities activities
COPY store store
COPY integrations integrations
COPY commands commands
COPY migrations migrations
COPY policies policies
COPY templates templates
COPY web web
COPY logs.py starter.py worker.py ./
# The workflow sandbox imports a workflow's module again for every workflow; on a root filesystem
# that is read-only, Python could never keep what it compiled.
RUN python -m compileall -q .

ENV PATH="/opt/dunlin/bin:${PATH}" \
    DUNLIN_LOG_FORMAT=json \
    DUNLIN_ALIVE_FILE=/tmp/dunlin-worker-alive

ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Dunlin" \
      org.opencontainers.image.description="Accounts-receivable follow-up on Temporal" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"

# Nobody in particular: owns nothing here, so it can change nothing.
USER 10001:10001
STOPSIGNAL SIGTERM
# The worker touches the file every ten seconds, as long as its connection to Temporal is healthy.
# The web service answers for itself; docker-compose.yml asks it.
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 \
    CMD test -n "$(find "$DUNLIN_ALIVE_FILE" -newermt '60 seconds ago')"
CMD ["python", "worker.py"]
