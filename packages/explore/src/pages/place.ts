import type { View } from '../view/view.js';

export type DownloadFormat = (typeof downloadFormats)[number];
export const downloadFormats = ['csv', 'parquet', 'arrow'] as const;

/** Everywhere that a page can lead to. */
export type Place =
  | { readonly kind: 'start' }
  | { readonly kind: 'measure'; readonly measure: string }
  | { readonly kind: 'table'; readonly view: View }
  | { readonly kind: 'question'; readonly question: string }
  | { readonly kind: 'document'; readonly name: string }
  | { readonly kind: 'file'; readonly name: string }
  | { readonly kind: 'style' }
  | { readonly kind: 'table-download'; readonly view: View; readonly format: DownloadFormat }
  | { readonly kind: 'question-download'; readonly question: string; readonly format: DownloadFormat };

/** The address of a place, or undefined where there is none: files on a web server answer no question. */
export type Links = (place: Place) => string | undefined;
