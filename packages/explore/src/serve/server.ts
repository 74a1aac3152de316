import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { ThroughlineError } from '@throughline/core';
import { formOf } from './form.js';
import { refusalOf } from './refusal.js';

/** A running server. */
export type Serving = {
  /** Where a browser finds it. */
  readonly address: string;
  /** Resolves when it has ended. */
  readonly close: () => Promise<void>;
};

/** What is asked for: an address below the first page, and the fields of a form that was sent there. */
export type Asked = { readonly url: string; readonly form: URLSearchParams | undefined };

/** What goes back: a body in one piece, or in pieces as they are read. */
export type Reply = {
  readonly status: 200 | 303 | 400 | 404 | 409 | 413;
  readonly type: string;
  readonly body: string | Uint8Array | { readonly read: () => AsyncIterable<Uint8Array> };
  /** What the browser should call it if it is to be kept rather than shown. */
  readonly saveAs?: string;
  /** Where the browser goes on to. */
  readonly location?: string;
};

export type Door = {
  /** 0 for any that is free. */
  readonly port: number;
  /** Whoever does not know it is answered nothing; it is the first part of every address. */
  readonly token?: string;
  /** Whether forms are taken. */
  readonly forms?: boolean;
};

const HOST = '127.0.0.1';

/** Nothing runs, nothing is fetched from elsewhere, nobody can frame it or read it from another page. */
const HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy':
    "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
  // A form of a page without any referrer comes from no origin, and could not be told from another page's.
  'Referrer-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
};

type Answering = (asked: Asked) => Promise<Reply>;

/**
 * Answers the browsers of this machine.
 *
 * @throws ThroughlineError PORT_TAKEN
 */
export async function serve(answer: Answering, door: Door): Promise<Serving> {
  const server = createServer((request, response) => {
    void handle({ answer, door }, request, response);
  });
  server.headersTimeout = 10_000;
  server.requestTimeout = 10_000;
  await listening(server, door.port);
  const bound = server.address();
  const taken = typeof bound === 'object' && bound !== null ? bound.port : door.port;
  const first = door.token === undefined ? '/' : `/${door.token}/`;
  return { address: `http://${HOST}:${taken}${first}`, close: () => closed(server) };
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

type House = { readonly answer: Answering; readonly door: Door };

async function handle(
  { answer, door }: House,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
  const refused = refusalOf(request, door);
  if (refused !== undefined) return refuse(response, refused);
  try {
    const form = request.method === 'POST' ? await formOf(request) : undefined;
    if (form === 'too-long') return refuse(response, 413);
    await send(await answer({ url: belowToken(request.url ?? '/', door), form }), request, response);
  } catch {
    // What went wrong may name files of this machine: it is not for the page.
    if (!response.headersSent) response.writeHead(500, { 'Content-Type': 'text/plain; charset=utf-8' });
    response.end('This page cannot be made. Are its files still there and unchanged?\n');
  }
}

const refuse = (response: ServerResponse, status: number): void =>
  void response
    .writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', Connection: 'close' })
    .end('Refused.\n');

const belowToken = (url: string, { token }: Door): string =>
  token === undefined ? url : url.slice(`/${token}`.length) || '/';

async function send(found: Reply, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { status, type, body, saveAs, location } = found;
  response.writeHead(status, {
    'Content-Type': type,
    ...(location === undefined ? {} : { Location: location }),
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
