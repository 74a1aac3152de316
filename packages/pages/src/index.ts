export { dimensionFigure, overallLine } from './charts/dimension-figure.js';
export * from './charts/frame.js';
export { subgroupKeys } from './charts/subgroups.js';
export { html, type Markup, nothing, preformatted, textOf, withCode } from './markup.js';
export {
  byDimension,
  coverageText,
  everyoneOf,
  isEmptyGroup,
  isRateWithheld,
  percentText,
  placeOf,
  type ReleasedRow,
  rateText,
} from './rates.js';
export { hatchPattern, styleSheet, styleText } from './style.js';
export * from './table.js';
export {
  count,
  counted,
  dateInWords,
  daysBetween,
  inSentence,
  inWords,
  isDate,
  listed,
  percentOf,
  shortened,
  visible,
} from './words.js';
