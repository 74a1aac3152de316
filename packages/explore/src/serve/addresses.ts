import { type DownloadFormat, downloadFormats, type Links } from '../pages/place.js';
import { queryOf } from '../view/view.js';

const withQuery = (path: string, query: string): string => (query === '' ? path : `${path}?${query}`);

const questionQuery = (question: string): string =>
  question === '' ? '' : new URLSearchParams({ q: question }).toString();

/** Addresses of the server. Every name is encoded, so that none can lead elsewhere. */
export const serverLinks: Links = (place) => {
  switch (place.kind) {
    case 'start':
      return '/';
    case 'style':
      return '/style.css';
    case 'measure':
      return `/measure/${encodeURIComponent(place.measure)}`;
    case 'document':
      return `/document/${encodeURIComponent(place.name)}`;
    case 'file':
      return `/file/${encodeURIComponent(place.name)}`;
    case 'table':
      return withQuery(`/table/${encodeURIComponent(place.view.table)}`, queryOf(place.view));
    case 'question':
      return withQuery('/sql', questionQuery(place.question));
    case 'table-download':
      return withQuery(
        `/download/${place.format}/${encodeURIComponent(place.view.table)}`,
        queryOf({ ...place.view, page: 1 }),
      );
    case 'question-download':
      return withQuery(`/answer/${place.format}`, questionQuery(place.question));
  }
};

/** What an address asks for: the first part of its path, the name after it and its query. */
export type Address = {
  readonly room: string;
  readonly name: string;
  readonly more: string;
  readonly query: URLSearchParams;
};

/** Reads the address of a request; undefined for one that no page has. */
export function addressOf(requested: string): Address | undefined {
  try {
    const { pathname, searchParams } = new URL(requested, 'http://127.0.0.1');
    const [room = '', name = '', more = '', ...rest] = pathname.slice(1).split('/').map(decodeURIComponent);
    return rest.length > 0 ? undefined : { room, name, more, query: searchParams };
  } catch {
    return undefined;
  }
}

export const formatNamed = (name: string): DownloadFormat | undefined =>
  downloadFormats.find((format) => format === name);
