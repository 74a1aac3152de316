import { join } from 'node:path';
import { readText } from '@throughline/engine';
import { parseString } from 'fast-csv';

/** Which child a source record is about, as only the maker of a synthetic city knows. */
export type TrueRecord = {
  readonly partner: string;
  readonly space: string;
  /** The record's key in its source; the line of its row where the source has no key. */
  readonly sourceKey: string;
  readonly child: string;
};

/** What a synthetic city's truth says about a child's school year. */
export type TrueAttendance = {
  readonly child: string;
  readonly membershipDays: number;
  readonly absentDays: number;
  readonly status: string;
};

/** Reads `records.csv` of a truth folder. */
export async function readTrueRecords(folder: string): Promise<TrueRecord[]> {
  const rows = await csvRows(join(folder, 'records.csv'));
  return rows.map((row) => ({
    partner: row['partner'] ?? '',
    space: row['record_space'] ?? '',
    sourceKey: row['source_key'] ?? '',
    child: row['child_id'] ?? '',
  }));
}

/** Reads `attendance.csv` of a truth folder. */
export async function readTrueAttendance(folder: string): Promise<TrueAttendance[]> {
  const rows = await csvRows(join(folder, 'attendance.csv'));
  return rows.map((row) => ({
    child: row['child_id'] ?? '',
    membershipDays: Number(row['membership_days']),
    absentDays: Number(row['absent_days']),
    status: row['status'] ?? '',
  }));
}

async function csvRows(path: string): Promise<Record<string, string>[]> {
  const text = await readText(path);
  return new Promise((resolve, reject) => {
    const rows: Record<string, string>[] = [];
    parseString<Record<string, string>, Record<string, string>>(text, { headers: true })
      .on('error', reject)
      .on('data', (row) => rows.push(row))
      .on('end', () => resolve(rows));
  });
}
