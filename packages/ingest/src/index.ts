export { ingestStage } from './ingest.js';
export type { IngestConfig } from './plan/config.js';
