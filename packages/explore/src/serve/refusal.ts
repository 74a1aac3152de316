import type { IncomingMessage } from 'node:http';

type Refusing = { readonly token?: string; readonly forms?: boolean };

/**
 * The status with which a request is refused before anybody looks at it. A page elsewhere that gives its own name to this
 * address could read it (DNS rebinding), and one that sends a form could decide in the reader's name (cross-site request
 * forgery): only our own name, our own pages and the token that only our reader knows are answered.
 */
export function refusalOf(
  { method = '', url = '/', headers }: Pick<IncomingMessage, 'method' | 'url' | 'headers'>,
  { token, forms = false }: Refusing,
): 403 | 405 | 415 | undefined {
  const writes = method === 'POST' && forms;
  if (method !== 'GET' && method !== 'HEAD' && !writes) return 405;
  const { host = '' } = headers;
  if (!/^(?:127\.0\.0\.1|localhost)(?::\d{1,5})?$/.test(host)) return 403;
  if (token !== undefined && !isBelow(url, token)) return 403;
  if (writes) return refusalOfForm(headers, host);
  const site = headers['sec-fetch-site'];
  const fromElsewhere = site === 'cross-site' || site === 'same-site';
  return fromElsewhere && headers['sec-fetch-mode'] !== 'navigate' ? 403 : undefined;
}

/** Every browser says where a form comes from; what does not is no browser and no reader of ours. */
function refusalOfForm(headers: IncomingMessage['headers'], host: string): 403 | 415 | undefined {
  const { origin, 'sec-fetch-site': site, 'content-type': type = '' } = headers;
  if (origin !== `http://${host}` || (site !== undefined && site !== 'same-origin')) return 403;
  return /^application\/x-www-form-urlencoded\s*(?:;|$)/i.test(type) ? undefined : 415;
}

/** Compared in the same time wherever they differ. */
function isBelow(url: string, token: string): boolean {
  const given = (url.split('?')[0] ?? '').split('/')[1] ?? '';
  if (given.length !== token.length) return false;
  let difference = 0;
  for (let at = 0; at < token.length; at += 1) difference |= given.charCodeAt(at) ^ token.charCodeAt(at);
  return difference === 0;
}
