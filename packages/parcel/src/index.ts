export {
  type ContentKind,
  flows,
  type Going,
  mayGo,
  type NoteKind,
  noteKinds,
  partnerOf,
  type Route,
  type TravellingKind,
  travellingKinds,
} from './flows.js';
export {
  bytesWithin,
  type ParcelContent,
  type ParcelDocument,
  type ParcelHeader,
  parcelHeader,
  parcelIdOf,
} from './header.js';
export { type Following, type Last, requireAcceptable, type Standpoint } from './judge.js';
export { type Arrived, arrival, type OpenedParcel, type Opening, openParcel, recipientOf } from './open.js';
export { type Packing, sealParcel } from './write.js';
