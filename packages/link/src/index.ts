export { type LinkConfig, linkStage } from './link.js';
