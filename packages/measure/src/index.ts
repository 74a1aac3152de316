export { type MeasureConfig, measureConfig } from './config/config.js';
export type { Measure } from './definition/measure.js';
export { measureStage } from './measure.js';
export { measures } from './measures/measures.js';
export { type Dimension, dimensionNames, OTHER_GRADES, TOTAL, UNKNOWN } from './population/dimensions.js';
