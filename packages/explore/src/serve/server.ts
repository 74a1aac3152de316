import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { ThroughlineError } from '@throughline/core';
import { addressOf } from './addresses.js';
import { type Explorer, type Response, respond } from './respond.js';

/** A running server. */
export type Serving = {
  /** Where a browser finds it. */
  readonly address: string;
  /** Resolves when it has ended. */
  readonly close: () => Promise<void>;
};

const HOST = '127.0.0.1';

/** Nothing runs, nothing is fetched from elsewhere, nobody can frame it or read it from another page. */
const HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy':
    "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
};

/**
 * Serves a release to the browsers of this machine.
 *
 * @param port 0 for any that is free.
 * @throws ThroughlineError PORT_TAKEN
 */
export async function serve(explorer: Explorer, port: number): Promise<Serving> {
  const server = createServer((request, response) => {
    void handle(explorer, request, response);
  });
  server.headersTimeout = 10_000;
  server.requestTimeout = 10_000;
  await listening(server, port);
  const bound = server.address();
  const taken = typeof bound === 'object' && bound !== null ? bound.port : port;
  return { address: `http://${HOST}:${taken}/`, close: () => closed(server) };
}

const listening = (server: Server, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', () => reject(new ThroughlineError('PORT_TAKEN', { port })));
    server.listen(port, HOST, resolve);
  });

const closed = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

async function handle(explorer: Explorer, request: IncomingMessage, response: ServerResponse): Promise<void> {
  for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
  const refused = refusalOf(request);
  if (refused !== undefined) {
    response.writeHead(refused, { 'Content-Type': 'text/plain; charset=utf-8' }).end('Refused.\n');
    return;
  }
  try {
    await send(await respond(explorer, addressOf(request.url ?? '/')), request, response);
  } catch {
    // What went wrong may name files of this machine: it is not for the page.
    if (!response.headersSent) response.writeHead(500, { 'Content-Type': 'text/plain; charset=utf-8' });
    response.end('This page cannot be made. Is the release folder still there and unchanged?\n');
  }
}

/** A page elsewhere that gives its own name to this address could read it (DNS rebinding): only ours is answered. */
function refusalOf({ method, headers }: IncomingMessage): 403 | 405 | undefined {
  if (method !== 'GET' && method !== 'HEAD') return 405;
  if (!/^(?:127\.0\.0\.1|localhost)(?::\d{1,5})?$/.test(headers.host ?? '')) return 403;
  const site = headers['sec-fetch-site'];
  const fromElsewhere = site === 'cross-site' || site === 'same-site';
  return fromElsewhere && headers['sec-fetch-mode'] !== 'navigate' ? 403 : undefined;
}

async function send(found: Response, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { status, type, body, saveAs } = found;
  response.writeHead(status, {
    'Content-Type': type,
    ...(saveAs === undefined
      ? {}
      : { 'Content-Disposition': `attachment; filename="${saveAs.replace(/[^\w.-]/g, '_')}"` }),
  });
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  if (typeof body === 'string' || body instanceof Uint8Array) {
    response.end(body);
    return;
  }
  for await (const piece of body.read()) {
    if (response.destroyed) return;
    if (!response.write(piece)) await drained(response);
  }
  response.end();
}

const drained = (response: ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    const go = () => {
      response.off('drain', go);
      response.off('close', go);
      resolve();
    };
    response.once('drain', go);
    response.once('close', go);
  });
