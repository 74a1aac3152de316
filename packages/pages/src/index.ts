export * from './charts/frame.js';
export { html, type Markup, nothing, textOf } from './markup.js';
export { hatchPattern, styleSheet } from './style.js';
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
