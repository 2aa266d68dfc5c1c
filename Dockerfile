# Rehearsal for a group: `docker compose up --build`, then http://localhost:7860. Not built in CI here: see docs/hosting.md.
FROM python:3.11-slim

RUN useradd --create-home --uid 10001 rehearsal
WORKDIR /app
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY bot bot
COPY eval eval
COPY prompts prompts
COPY corpus corpus
COPY app.py ./
RUN pip install --no-cache-dir --constraint constraints.txt ".[postgres]"

USER rehearsal
ENV BOT_HOME=/data BOT_HOST=0.0.0.0
VOLUME /data
EXPOSE 7860
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
  CMD python -c "import urllib.request as u; u.urlopen('http://127.0.0.1:7860/healthz', timeout=4)"
CMD ["mock-interview", "serve"]
