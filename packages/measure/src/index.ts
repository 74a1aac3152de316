export { measuresOf } from './compile/compile.js';
export { definitionsFor } from './config/asked.js';
export {
  type MeasureConfig,
  type MeasuresAsked,
  type MeasuresInput,
  measureAsked,
  measureConfig,
  measuresAsked,
} from './config/config.js';
export { type Definition, measureDefinitionFile } from './definition/definition.js';
export type { Measure } from './definition/measure.js';
export { type DefinitionFolder, readDefinitions } from './definition/read.js';
export { type Reading, readingsOf } from './governing/readings.js';
export { measureStage } from './measure.js';
export { type Dimension, dimensionNames, OTHER_GRADES, TOTAL, UNKNOWN } from './population/dimensions.js';
