import type { Finding } from '@throughline/assess';

const percent = (share: number): string => `${(100 * share).toFixed(share > 0 && share < 0.01 ? 2 : 1)} %`;

export const shareInWords = ({ share }: Finding): string =>
  share.of === 0 ? 'none to judge' : `${percent(share.share)} of ${share.of.toLocaleString('en')}`;

export const intervalInWords = ({ share }: Finding): string =>
  share.of === 0 ? '' : `${percent(share.low)} to ${percent(share.high)}`;

export function gateInWords({ gate }: Finding): string {
  if (gate === null) return 'told, not judged';
  const limit = `at ${gate.at} ${percent(gate.limit)}`;
  return gate.control ? `${limit}, or all is void` : limit;
}

export const verdictInWords = ({ passes, gate }: Finding): string => {
  if (passes === null) return '';
  if (passes) return 'passes';
  return gate?.control === true ? 'void' : 'fails';
};

/** One line of a terminal: attack, encoding, setting, share with its 95 % interval, limit, verdict. */
export function findingLine(finding: Finding): string {
  const { attack, encoding, setting } = finding;
  const about = `${attack}; ${encoding}; ${setting}`.padEnd(96);
  const found = `${shareInWords(finding)} (${intervalInWords(finding)})`.padEnd(40);
  return `${about} ${found} ${gateInWords(finding)} ${verdictInWords(finding)}`.trimEnd();
}
