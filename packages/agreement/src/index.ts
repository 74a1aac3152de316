export {
  type AgreementDocument,
  type Approval,
  type Dsa,
  type Dul,
  documentSchema,
  type Emou,
  type ReleasePolicy,
} from './documents/documents.js';
export { parseYaml, type SourceText } from './documents/parse.js';
export {
  type DocumentFile,
  type DocumentSet,
  documentOf,
  type Filed,
  readDocuments,
} from './documents/set.js';
export type { Use } from './documents/terms.js';
export { type TokenPart, type TokenRule, tokenParts } from './documents/token-rules.js';
export {
  approvedManifest,
  type Day,
  type PartnerTerms,
  type ReleaseTerms,
  releaseTerms,
  requireInForce,
  termsOf,
} from './force/in-force.js';
export {
  columnsOfRole,
  type ExtractFormat,
  type FieldManifest,
  fieldManifest,
  type IdentifierRole,
  type ManifestField,
  treatments,
} from './manifest/field-manifest.js';
