export type Palette = {
  /** Surfaces. */
  readonly page: string;
  readonly card: string;
  readonly alarmCard: string;
  /** Text. */
  readonly ink: string;
  readonly muted: string;
  readonly link: string;
  readonly alarm: string;
  /** Marks of charts. */
  readonly kept: string;
  readonly rejected: string;
  readonly quarantined: string;
  readonly excluded: string;
  readonly exact: string;
  readonly probable: string;
  readonly weak: string;
  readonly linked: string;
  readonly unlinkable: string;
  readonly rate: string;
  readonly known: string;
  readonly everyone: string;
  readonly hatch: string;
  /** Decoration: nothing is lost with it. */
  readonly rule: string;
  readonly track: string;
};

export const surfaces = ['page', 'card', 'alarmCard'] as const satisfies readonly (keyof Palette)[];
export const texts = ['ink', 'muted', 'link', 'alarm'] as const satisfies readonly (keyof Palette)[];
export const marks = [
  'kept',
  'rejected',
  'quarantined',
  'excluded',
  'exact',
  'probable',
  'weak',
  'linked',
  'unlinkable',
  'rate',
  'known',
  'everyone',
  'hatch',
] as const satisfies readonly (keyof Palette)[];

export const light: Palette = {
  page: '#f6f4ee',
  card: '#fffefb',
  alarmCard: '#fbeee9',
  ink: '#1b2733',
  muted: '#54606c',
  link: '#0d5a63',
  alarm: '#97281d',
  kept: '#5f8a90',
  rejected: '#b5382a',
  quarantined: '#7a5195',
  excluded: '#a56700',
  exact: '#12616b',
  probable: '#4a7ac0',
  weak: '#b06a1c',
  linked: '#12616b',
  unlinkable: '#8a5a6d',
  rate: '#12616b',
  known: '#1b2733',
  everyone: '#b06a1c',
  hatch: '#6b727a',
  rule: '#dcd7ca',
  track: '#ebe8df',
};

export const dark: Palette = {
  page: '#11171c',
  card: '#19212a',
  alarmCard: '#35201d',
  ink: '#e9e7e1',
  muted: '#a7b1bb',
  link: '#7ccfcb',
  alarm: '#f7a899',
  kept: '#6d9aa1',
  rejected: '#f0806f',
  quarantined: '#c3a0e0',
  excluded: '#dba548',
  exact: '#57bab6',
  probable: '#86abf0',
  weak: '#dba548',
  linked: '#57bab6',
  unlinkable: '#c98fa6',
  rate: '#57bab6',
  known: '#e9e7e1',
  everyone: '#dba548',
  hatch: '#97a1ab',
  rule: '#34404a',
  track: '#29333c',
};

/** A palette as the declarations of CSS custom properties. */
export const declarations = (palette: Palette): string =>
  Object.entries(palette)
    .map(([name, colour]) => `--${name}: ${colour};`)
    .join(' ');
