# syntax=docker/dockerfile:1
# node fetches the design's files, pip builds a virtual environment; `portal` carries neither node nor
# compilers and runs as a user without rights; `proxy` is nginx with the static files of this very portal.

FROM node:22-bookworm-slim AS assets
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev

FROM python:3.13-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
COPY requirements.txt /tmp/requirements.txt
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --require-hashes --no-deps -r /tmp/requirements.txt

FROM python:3.13-slim-bookworm AS portal
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=smartcities.settings.production \
    PORTAL_VAR=/var/lib/portal \
    MEDIA_ROOT=/var/lib/portal/media
# For `manage.py backup`. pg_dump must not be older than the server, so it comes from where the server's
# image has it from; age and gnupg encrypt.
COPY --from=postgres:18-bookworm /usr/local/share/keyrings/postgres.gpg.asc /usr/local/share/keyrings/
COPY --from=postgres:18-bookworm /etc/apt/sources.list.d/pgdg.list /etc/apt/sources.list.d/
# No pinned versions: Debian keeps only the newest patch, and the newest is wanted.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends age gnupg postgresql-client-18 \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --home-dir /var/lib/portal --shell /usr/sbin/nologin portal \
    && install -d -o portal -g portal /var/lib/portal /var/lib/portal/media
WORKDIR /app
COPY --from=build /opt/venv /opt/venv
COPY --from=assets /app/node_modules ./node_modules
COPY manage.py pyproject.toml ./
COPY smartcities ./smartcities
COPY asking ./asking
COPY subscribing ./subscribing
COPY opendata ./opendata
COPY consulting ./consulting
COPY events ./events
COPY communities ./communities
COPY projects ./projects
COPY finding ./finding
COPY accounts ./accounts
COPY mailing ./mailing
COPY office ./office
COPY ground ./ground
COPY templates ./templates
COPY static ./static
# Collecting static files needs settings but no secret: the values exist only in this one command.
RUN SECRET_KEY=only-while-static-files-are-collected-0123456789abcdef \
    ALLOWED_HOSTS=localhost SITE_URL=https://localhost DATABASE_URL=postgresql://none/none \
    REDIS_URL=redis://none EMAIL_URL=smtp://none:25 DEFAULT_FROM_EMAIL=none@localhost \
    OPERATOR_NAME=none OPERATOR_ADDRESS=none OPERATOR_EMAIL=none@localhost \
    python manage.py collectstatic --no-input
# Which commit this is, for the page „Betrieb“; last, so that nothing above is built anew for it.
ARG PORTAL_COMMIT=
ENV PORTAL_COMMIT=$PORTAL_COMMIT
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--blocking-threads", "2", "--respawn-failed-workers", "smartcities.wsgi:application"]

FROM nginx:1.28-bookworm AS proxy
COPY deploy/nginx.conf.template /etc/nginx/templates/default.conf.template
COPY deploy/stoerung.html deploy/zu-gross.html /srv/pages/
COPY --from=portal /app/staticfiles /srv/static
