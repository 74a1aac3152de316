/** Everywhere that a page of the review can lead to. */
export type Place =
  | { readonly kind: 'start' }
  | { readonly kind: 'style' }
  | { readonly kind: 'manifest'; readonly name: string }
  | { readonly kind: 'hold'; readonly id: string }
  | { readonly kind: 'candidate' };

export type Links = (place: Place) => string;

/** Addresses on the server, below its token: every name is encoded, so that none can lead elsewhere. */
export const serverLinks =
  (token: string): Links =>
  (place) =>
    `/${token}/${pathOf(place)}`;

function pathOf(place: Place): string {
  if (place.kind === 'start') return '';
  if (place.kind === 'style') return 'style.css';
  if (place.kind === 'manifest') return `manifest/${encodeURIComponent(place.name)}`;
  return place.kind === 'hold' ? `hold/${encodeURIComponent(place.id)}` : 'candidate';
}

/** Names of the files of a folder. */
export const fileLinks: Links = (place) => {
  if (place.kind === 'start') return 'index.html';
  if (place.kind === 'style') return 'style.css';
  if (place.kind === 'candidate') return 'candidate.html';
  return `${place.kind}-${encodeURIComponent(place.kind === 'manifest' ? place.name : place.id)}.html`;
};
