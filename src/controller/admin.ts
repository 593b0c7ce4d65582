// Health, readiness and metrics in plain HTTP, read-only.
import express, { type Express } from 'express';

interface AdminOptions {
  readonly isReady: () => boolean;
  readonly metricsText: () => Promise<string>;
}

export function createAdmin({ isReady, metricsText }: AdminOptions): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag');
  app.get('/healthz', (_request, response) => void response.json({ status: 'ok' }));
  app.get('/readyz', (_request, response) => {
    const ready = isReady();
    response.status(ready ? 200 : 503).json({ ready });
  });
  app.get('/metrics', async (_request, response) => {
    response.type('text/plain; version=0.0.4').send(await metricsText());
  });
  return app;
}
