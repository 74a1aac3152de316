import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

/** What a package may use. A package is a privilege; this table is the whole of it. */
type Privilege = {
  readonly workspace: readonly string[];
  readonly external: readonly string[];
  readonly builtin: readonly string[];
  /** Builtin modules that only the files under one folder of `src` may use. */
  readonly builtinIn?: Readonly<Record<string, readonly string[]>>;
};

const stageNames = ['ingest', 'tokenize', 'link', 'measure', 'release'] as const;
const PATHS = ['node:path'];
const GOVERNED = ['agreement', 'core', 'engine'];

const privileges: Readonly<Record<string, Privilege>> = {
  core: { workspace: [], external: ['zod'], builtin: [] },
  agreement: { workspace: ['core'], external: ['yaml', 'zod'], builtin: [] },
  engine: {
    workspace: ['agreement', 'core'],
    external: ['@duckdb/node-api', 'zod'],
    builtin: [
      'node:buffer',
      'node:crypto',
      'node:events',
      'node:fs',
      'node:fs/promises',
      'node:path',
      'node:stream/promises',
    ],
    // A stage never starts a process. The engine does, for one thing: to parse a hostile file under limits.
    builtinIn: { guard: ['node:child_process', 'node:url'] },
  },
  // Who is one person, judged of levels and counts alone: an owner judges its own records by the code that the linkage
  // unit links by, and neither stage may use the other. It can reach neither files nor rows.
  model: { workspace: ['core'], external: [], builtin: [] },
  ingest: {
    workspace: GOVERNED,
    // Formats are read by libraries: one a format, all of them in JavaScript, where a broken file cannot corrupt memory.
    external: [
      'age-encryption',
      'apache-arrow',
      'fast-csv',
      'hyparquet',
      'hyparquet-compressors',
      'read-excel-file',
      'saxes',
      'yauzl',
      'zod',
    ],
    builtin: [],
    // isUtf8 says whether bytes are UTF-8, a hundred times as fast as a decoder that makes a text of them.
    builtinIn: { read: ['node:buffer'], unpack: ['node:zlib'] },
  },
  // The owner's spreadsheet and its way back; fflate looks into an archive before anything parses it.
  sheet: {
    workspace: ['agreement', 'core'],
    external: ['fflate', 'read-excel-file', 'write-excel-file'],
    builtin: [],
  },
  // What every page is made of; it can reach nothing, so a page holds what it is given.
  pages: { workspace: [], external: [], builtin: [] },
  // The only package that listens on a port, to this machine alone, and it can open published tables and nothing else.
  explore: {
    workspace: ['core', 'engine', 'pages'],
    external: ['apache-arrow', 'fast-csv', 'hyparquet-writer', 'zod'],
    builtin: PATHS,
    builtinIn: { serve: ['node:http'] },
  },
  tokenize: {
    workspace: [...GOVERNED, 'model'],
    external: ['@noble/ciphers', '@noble/hashes', 'zod'],
    builtin: [],
    // Tokens and sealed fields take as many threads as the limits allow: nearly twice as fast on two.
    builtinIn: { crew: ['node:worker_threads'] },
  },
  // What goes from host to host, and nothing else: sealed with age, signed with SSH, judged before it is believed.
  parcel: { workspace: GOVERNED, external: ['age-encryption', 'zod'], builtin: PATHS },
  link: { workspace: [...GOVERNED, 'model'], external: ['zod'], builtin: [] },
  // Of the model, how sure it is of its links: the desk adds that up by group, by the formula that the linkage unit has.
  measure: { workspace: [...GOVERNED, 'model'], external: ['zod'], builtin: [] },
  release: { workspace: GOVERNED, external: ['apache-arrow', 'fast-csv', 'highs', 'zod'], builtin: PATHS },
  assess: { workspace: [...GOVERNED, ...stageNames, 'model'], external: ['fast-csv', 'zod'], builtin: PATHS },
  testkit: {
    workspace: [],
    external: ['write-excel-file'],
    builtin: [...PATHS, 'node:zlib'],
    builtinIn: {
      // The second implementation of the encodings stands on other cryptography than the first.
      encoding: ['node:crypto'],
      write: ['node:buffer', 'node:fs', 'node:fs/promises', 'node:stream'],
    },
  },
  cli: {
    workspace: [...GOVERNED, ...stageNames, 'assess', 'explore', 'pages', 'parcel', 'sheet', 'testkit'],
    external: ['age-encryption', 'commander', 'pino', 'zod'],
    builtin: [...PATHS, 'node:url', 'node:util'],
    builtinIn: { bench: ['node:child_process', 'node:os'] },
  },
};

/** What the language itself offers to everybody, and only these packages may use. */
const ambient: readonly { readonly name: string; readonly use: RegExp; readonly only: readonly string[] }[] =
  [
    {
      name: 'the environment, arguments and streams of the process',
      use: /\bprocess\.(?:env|argv|execArgv|std\w+|exit\w*|cwd|chdir|umask|on|pid|title)\b/,
      only: ['cli'],
    },
    { name: 'the process at all', use: /\bprocess\./, only: ['cli', 'engine'] },
    {
      name: 'the clock',
      use: /\bDate\.now\b|\bnew Date\(\)|\bperformance\.(?:now|timeOrigin)\b/,
      only: ['cli'],
    },
    { name: 'chance', use: /\bMath\.random\b|\bcrypto\.(?:random\w+|getRandomValues)\b/, only: [] },
    { name: 'the console', use: /\bconsole\./, only: [] },
    { name: 'the network', use: /\b(?:fetch|WebSocket|XMLHttpRequest|EventSource)\(/, only: [] },
    { name: 'code made of text', use: /\beval\(|\bnew Function\(/, only: [] },
    {
      name: 'modules behind the back of this test',
      use: /\brequire\(|\bcreateRequire\b|\bprocess\.binding\b/,
      only: [],
    },
  ];

const root = fileURLToPath(new URL('../../../', import.meta.url));
const read = (...path: string[]): string => readFileSync(join(root, ...path), 'utf8');
const packages = readdirSync(join(root, 'packages')).sort();

type Source = {
  readonly path: string;
  readonly package: string;
  readonly text: string;
  readonly code: string;
  readonly isTest: boolean;
};

const withoutComments = (text: string): string =>
  text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[\s;])\/\/.*$/gm, '$1');

const sources: readonly Source[] = packages.flatMap((name) =>
  readdirSync(join(root, 'packages', name, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.[cm]?[jt]sx?$/.test(file))
    .sort()
    .map((file) => {
      const text = read('packages', name, 'src', file);
      const isTest = /\.(?:test|fixture)\.m?[jt]s$/.test(file);
      return {
        path: `packages/${name}/src/${file}`,
        package: name,
        text,
        code: withoutComments(text),
        isTest,
      };
    }),
);
const shipped = sources.filter(({ isTest }) => !isTest);

/** The modules that a source names: imports, exports from, imports at run time, of types as well. */
function modulesOf({ code }: Source): string[] {
  const forms = [
    /^\s*(?:import|export)\s[^;'"]*?\bfrom\s*['"]([^'"]+)['"]/gm,
    /^\s*import\s*['"]([^'"]+)['"]/gm,
    /\bimport\(\s*['"]([^'"]+)['"]\s*\)/g,
  ];
  return forms.flatMap((form) => [...code.matchAll(form)].map(([, module = '']) => module));
}

const isBuiltin = (module: string): boolean => module.startsWith('node:');
const isRelative = (module: string): boolean => module.startsWith('.');
const isWorkspace = (module: string): boolean => module.startsWith('@throughline/');
/** `@noble/hashes/sha2.js` belongs to `@noble/hashes`. */
const packageOf = (module: string): string =>
  module
    .split('/')
    .slice(0, module.startsWith('@') ? 2 : 1)
    .join('/');

/** Sources that break a rule, with what they break it with. */
const breaches = (among: readonly Source[], broken: (source: Source) => readonly string[]): string[] =>
  among.flatMap((source) => broken(source).map((what) => `${source.path}: ${what}`));

const privilegeOf = (name: string): Privilege =>
  privileges[name] ?? { workspace: [], external: [], builtin: [] };

type PackageFile = {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly exports?: unknown;
};
const packageFile = (name: string): PackageFile => JSON.parse(read('packages', name, 'package.json'));
const namesOf = (versions: Readonly<Record<string, string>> | undefined): string[] =>
  Object.keys(versions ?? {});

describe('the table of privileges', () => {
  it('has a line for every package', () => {
    expect(Object.keys(privileges).sort()).toEqual(packages);
  });

  it('lets no stage use a stage, and nothing below use what is above', () => {
    for (const stage of stageNames) {
      expect(privilegeOf(stage).workspace.filter((name) => name !== 'model')).toEqual(GOVERNED);
    }
    expect(
      Object.entries(privileges)
        .filter(([, { external }]) => external.includes('@duckdb/node-api'))
        .map(([name]) => name),
    ).toEqual(['engine']);
    expect(
      Object.entries(privileges)
        .filter(([, { external }]) => external.includes('@noble/hashes'))
        .map(([name]) => name),
    ).toEqual(['tokenize']);
    expect(
      Object.entries(privileges)
        .filter(([, { builtin }]) => builtin.includes('node:crypto'))
        .map(([name]) => name),
    ).toEqual(['engine']);
  });
});

describe('imports', () => {
  it('are found in every form in which they can be written', () => {
    const code = [
      "import a, { b } from 'one';",
      "import {\n  type C,\n} from 'two';",
      "import 'three';",
      "export * from 'four';",
      "export { d } from 'five';",
      "import type { E } from 'six';",
      "const f = await import('seven');",
      "import * as g from 'eight';",
    ].join('\n');
    const found = modulesOf({ path: '', package: '', text: code, code, isTest: false });
    expect(found.sort()).toEqual(['eight', 'five', 'four', 'one', 'seven', 'six', 'three', 'two']);
    expect(sources.filter((source) => modulesOf(source).length > 0).length).toBeGreaterThan(50);
  });

  it('of other packages of ours are allowed, also in tests, and go through the front door', () => {
    const broken = breaches(sources, (source) => {
      const { workspace } = privilegeOf(source.package);
      const allowed = [...workspace, ...(source.isTest ? ['testkit'] : [])].map(
        (name) => `@throughline/${name}`,
      );
      return modulesOf(source).filter((module) => isWorkspace(module) && !allowed.includes(module));
    });
    expect(broken).toEqual([]);
  });

  it('of modules of others are allowed', () => {
    const broken = breaches(shipped, (source) => {
      const { external } = privilegeOf(source.package);
      const others = modulesOf(source).filter(
        (module) => ![isBuiltin, isRelative, isWorkspace].some((is) => is(module)),
      );
      return others.filter((module) => !external.includes(packageOf(module)));
    });
    expect(broken).toEqual([]);
  });

  it('of modules of Node are allowed', () => {
    const broken = breaches(shipped, (source) => {
      const { builtin, builtinIn = {} } = privilegeOf(source.package);
      const folder = source.path.split('/')[3] ?? '';
      const allowed = [...builtin, ...(builtinIn[folder] ?? [])];
      return modulesOf(source).filter((module) => isBuiltin(module) && !allowed.includes(module));
    });
    expect(broken).toEqual([]);
  });

  it('of files stay in their package and name what Node will find', () => {
    const broken = breaches(shipped, (source) => {
      const home = join(root, 'packages', source.package, 'src');
      return modulesOf(source).filter((module) => {
        if (!isRelative(module)) return false;
        const target = resolve(root, source.path, '..', module);
        return !module.endsWith('.js') || relative(home, target).startsWith('..');
      });
    });
    expect(broken).toEqual([]);
  });

  it('of tests and their fixtures are none of what is shipped', () => {
    const broken = breaches(shipped, (source) =>
      modulesOf(source).filter(
        (module) => /\.(?:test|fixture)\.m?js$/.test(module) || /^(?:vitest|fast-check)$/.test(module),
      ),
    );
    expect(broken).toEqual([]);
  });
});

describe('the ambient world', () => {
  it.each(ambient)('$name: only $only', ({ use, only }) => {
    const strangers = shipped.filter((source) => !only.includes(source.package));
    expect(breaches(strangers, ({ code }) => code.match(use) ?? [])).toEqual([]);
  });
});

describe.each(packages)('the package %s', (name) => {
  const own = shipped.filter((source) => source.package === name);
  const { dependencies, devDependencies, exports } = packageFile(name);
  const isEmpty = own.length < 2;

  it('declares what it uses and nothing else', () => {
    const used = own.flatMap(modulesOf).filter((module) => !isBuiltin(module) && !isRelative(module));
    const names = [...new Set(used.map(packageOf))].sort();
    if (isEmpty) expect(namesOf(dependencies)).toEqual(expect.arrayContaining(names));
    else expect(namesOf(dependencies).sort()).toEqual(names);
  });

  it('refers to the packages that it depends on', () => {
    const tsconfig = JSON.parse(read('packages', name, 'tsconfig.json'));
    const referred = tsconfig.references.map(
      ({ path }: { path: string }) => `@throughline/${basename(path)}`,
    );
    const depended = [...namesOf(dependencies), ...namesOf(devDependencies)].filter(isWorkspace);
    expect(referred.sort()).toEqual(depended.sort());
  });

  it('shows its front door and nothing else', () => {
    expect(exports).toEqual({ '.': { types: './dist/index.d.ts', default: './dist/index.js' } });
  });

  it('pins every version', () => {
    const versions = Object.entries({ ...dependencies, ...devDependencies });
    const loose = versions.filter(([module, version]) =>
      isWorkspace(module) ? version !== 'workspace:*' : !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version),
    );
    expect(loose).toEqual([]);
  });
});

describe('the workspace', () => {
  it('builds every package', () => {
    const { references } = JSON.parse(read('tsconfig.json'));
    expect(references.map(({ path }: { path: string }) => basename(path)).sort()).toEqual(packages);
  });

  it('pins its own tools', () => {
    const versions: string[] = Object.values(JSON.parse(read('package.json')).devDependencies);
    for (const version of versions) expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  });

  const lock = read('pnpm-lock.yaml');

  it('locks its modules by hash, from no host in particular', () => {
    expect(lock).not.toMatch(/https?:|tarball:|git\+|registry\./);
    const resolutions = lock.match(/resolution: .*/g) ?? [];
    expect(resolutions.length).toBeGreaterThan(50);
    expect(
      resolutions.filter((each) => !/^resolution: \{integrity: sha512-[\w+/]{86}==\}$/.test(each)),
    ).toEqual([]);
  });

  it('locks DuckDB for every platform', () => {
    const platforms = [
      'darwin-arm64',
      'darwin-x64',
      'linux-arm64',
      'linux-arm64-musl',
      'linux-x64',
      'linux-x64-musl',
      'win32-arm64',
      'win32-x64',
    ];
    const found = [...lock.matchAll(/^ {2}'@duckdb\/node-bindings-([a-z0-9-]+)@/gm)].map(
      ([, platform]) => platform,
    );
    expect([...new Set(found)].sort()).toEqual(platforms);
  });

  const denied = read('packages', 'cli', 'src', 'doctor', 'denied-packages.ts').matchAll(
    /'(@?[^@']+@\d[^']*)'/g,
  );
  it.each(
    [...denied].map(([, version = '']) => version),
  )('does not lock %s, which was malicious', (version) => {
    expect(lock).not.toMatch(new RegExp(`(?:^|['\\s/])${version.replaceAll('.', '\\.')}(?:['(:]|$)`, 'm'));
  });
});

describe('the sources', () => {
  const LONGEST_FILE = 500;

  it('are of a size that can be read', () => {
    const long = breaches(sources, ({ text }) =>
      text.split('\n').length - 1 > LONGEST_FILE ? ['too long'] : [],
    );
    expect(long).toEqual([]);
  });

  it('are finished', () => {
    const mark = new RegExp(`\\b(?:${['TO' + 'DO', 'FIX' + 'ME', 'HA' + 'CK'].join('|')})\\b`);
    expect(breaches(sources, ({ text }) => text.match(mark) ?? [])).toEqual([]);
  });

  it('lie in folders and files named by what they are about', () => {
    const vague = /(?:^|\/)(?:utils?|helpers?|common|misc|types?|services?|managers?|lib)(?:\/|\.[a-z.]+$)/;
    expect(breaches(sources, ({ path }) => path.split('/src/')[1]?.match(vague) ?? [])).toEqual([]);
  });

  it('have one class, no default exports, and nothing that changes beside the functions', () => {
    const forms = [
      /^export default\b.*/m,
      /^(?:export )?(?:abstract )?class \w+/m,
      /^(?:export )?(?:const )?enum \w+/m,
      /^(?:export )?let \w+/m,
    ];
    const found = breaches(shipped, ({ code }) => forms.flatMap((form) => code.match(form) ?? []));
    expect(found).toEqual(['packages/core/src/errors/error.ts: export class ThroughlineError']);
  });
});
