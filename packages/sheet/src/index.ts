export { type Decided, decideSheet } from './decide.js';
export { type FieldRow, type SheetColumn, sheetColumns } from './layout.js';
export { type ReturnedSheet, readManifestSheet } from './read.js';
export { fieldRows, type HeaderChange, type SheetSource } from './rows.js';
export { writeManifestSheet } from './write.js';
