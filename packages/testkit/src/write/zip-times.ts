/*
 * write-excel-file stamps each entry of the archive with the time of writing and has no option against it.
 * The stamps stand at fixed places (PKWARE APPNOTE 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16), so they are
 * overwritten: the rest of the archive already depends on the sheets alone.
 */
const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const END_LENGTH = 22;
const ENTRY_LENGTH = 46;
/** 1980-01-01 00:00, the earliest time an archive can hold. */
const EARLIEST = 0x0021_0000;

/** @throws RangeError if the bytes do not end as an archive without a comment does. */
export function withoutTimes(archive: Buffer): Buffer {
  const timeless = Buffer.from(archive);
  const end = timeless.length - END_LENGTH;
  if (end < 0 || timeless.readUInt32LE(end) !== END_OF_DIRECTORY)
    throw new RangeError('archive: expected a zip file');
  let entry = timeless.readUInt32LE(end + 16);
  for (let left = timeless.readUInt16LE(end + 10); left > 0; left -= 1) {
    if (timeless.readUInt32LE(entry) !== DIRECTORY_ENTRY)
      throw new RangeError('archive: expected a directory entry');
    timeless.writeUInt32LE(EARLIEST, entry + 12);
    timeless.writeUInt32LE(EARLIEST, timeless.readUInt32LE(entry + 42) + 10);
    entry += ENTRY_LENGTH + nameLength(timeless, entry);
  }
  return timeless;
}

function nameLength(archive: Buffer, entry: number): number {
  return (
    archive.readUInt16LE(entry + 28) + archive.readUInt16LE(entry + 30) + archive.readUInt16LE(entry + 32)
  );
}
