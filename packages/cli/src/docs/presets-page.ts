import type { CrosswalkFile } from '@throughline/agreement';
import type { KnownPreset } from '@throughline/ingest';

/** `presets.md`: every preset that comes with the software, its hash, and what to know about its system. */
export function presetsPage(presets: readonly KnownPreset[], crosswalks: readonly CrosswalkFile[]): string {
  return [
    '# Presets',
    '',
    'A preset says how the usual export of a system is read. A manifest builds on one (`preset` and `preset_sha256`) and adds',
    'what is its own: [manifest-on-preset](configuration.md#manifest-on-preset). The hash binds the approval of the manifest to',
    "the preset's exact bytes: a preset that changes with the software is refused until it is approved again.",
    '',
    'Presets are files in `pipelines/presets`, one each, named by its id. A preset of your own lies in any folder of documents',
    'of the pipeline, or in the folder that `throughline profile --presets` is given; no code is needed.',
    '',
    '## Crosswalks',
    '',
    'What the codes of a source stand for, as files of their own beside the presets. A field of type `code` names one by id and',
    'hash, `crosswalk: { id: grades, sha256: … }`, and its own `codes` go before it. A code that neither has is counted as',
    '`unmapped_code` and never guessed; above `limits.unmapped_share` the delivery stops. A crosswalk of your own (`kind:',
    'crosswalk`) lies in any folder of documents.',
    '',
    '| crosswalk | becomes | codes | SHA-256 | source |',
    '|---|---|---|---|---|',
    ...crosswalks.map(
      ({ document: { id, becomes, codes, source }, sha256 }) =>
        `| ${code(id)} | ${becomes} | ${Object.keys(codes).length} | ${code(sha256)} | ${source} |`,
    ),
    ...presets.flatMap(({ document, sha256 }) => presetSection(document, sha256)),
    '',
  ].join('\n');
}

function presetSection(preset: KnownPreset['document'], sha256: string): string[] {
  const named = (treatment: string) =>
    preset.fields
      .filter((field) => field.treatment.some((each) => each === treatment))
      .map(({ name }) => code(name));
  const rows = [
    ['links', named('link')],
    ['keeps', [...named('keep'), ...named('band')]],
    ['uses inside only', named('internal')],
    ['refuses', named('refuse')],
  ] as const;
  return [
    '',
    `## ${preset.id}`,
    '',
    `${preset.system}. ${preset.notes}`.trim(),
    '',
    `- format: ${preset.format.type}; payload table: ${preset.payload_table === null ? 'none' : code(preset.payload_table)}`,
    ...rows.flatMap(([what, names]) => (names.length === 0 ? [] : [`- ${what}: ${names.join(', ')}`])),
    `- SHA-256: ${code(sha256)}`,
  ];
}

const code = (text: string): string => `\`${text}\``;
