export { ingestStage } from './ingest.js';
export type { IngestConfig } from './plan/config.js';
export {
  type Preview,
  type PreviewedColumn,
  type PreviewedValue,
  previewExtract,
} from './preview/preview.js';
