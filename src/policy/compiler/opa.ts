// An `opa` on PATH as a RegoCompiler, for where the WASI module is not. It does not lower sprintf, does not measure
// coverage, does not lint, explain or compare, has not our own built-ins, which it neither checks nor asks, and cannot say
// whether text is read, so it is taken to be.
import { err, ok } from '../../lib/result.ts';
import { MODULES, readBuild, readCheck, readResults, readTests, readText } from './opa-answers.ts';
import { explainLacks, joinCapabilities } from './opa-builtins.ts';
import { runOpa, type OpaFiles } from './opa-process.ts';
import { readModule } from './opa-syntax.ts';
import {
  ENTRYPOINT,
  type Offer,
  type PackageFacts,
  type RegoCompiler,
  type RegoModule,
} from './rego-compiler.ts';

const OLDEST = [1, 21, 3] as const;
const CAPABILITIES = 'capabilities.json';
const KNOWN = 'known.json';
const SCHEMA = 'schema.json';
const WITH_OFFERED = ['--capabilities', CAPABILITIES, MODULES];
const WITH_KNOWN = ['--capabilities', KNOWN, MODULES];
const CHECK = ['check', '--format', 'json'];
const STRICTLY = [...CHECK, '--strict'];

/** Null when there is none, or one that is too old. */
export async function findOpa(offer: Offer): Promise<RegoCompiler | null> {
  const version = await runOpa({}, ['version'], ({ stdout }) => /^Version: (\S+)/m.exec(stdout)?.[1] ?? '');
  return isRecent(version) ? createOpa(`opa ${version}`, offer) : null;
}

function isRecent(version: string): boolean {
  const numbers = version.split('.').map(Number);
  const at = OLDEST.findIndex((oldest, index) => numbers[index] !== oldest);
  return version !== '' && (at === -1 || (numbers[at] ?? 0) > (OLDEST[at] ?? 0));
}

/** What it takes Postern's own compiler for. */
const CANNOT = { lint: null, outline: null, explain: null, twins: null } as const;

function createOpa(name: string, offer: Offer): RegoCompiler {
  const { capabilities } = offer;
  const lay = (modules: readonly RegoModule[]): OpaFiles => ({
    [CAPABILITIES]: JSON.stringify(capabilities),
    ...Object.fromEntries(modules.map(({ file, text }) => [`${MODULES}/${file}`, text])),
  });
  let known: Promise<string> | null = null;
  const layAll = async (modules: readonly RegoModule[]): Promise<OpaFiles> => ({
    ...lay(modules),
    [KNOWN]: await (known ??= readKnown(capabilities)),
  });
  const check = checkWith(offer, { lay, layAll });
  return {
    name,
    check,
    inspect: async (modules) => {
      const checked = await runOpa(await layAll(modules), [...CHECK, ...WITH_KNOWN], readCheck);
      return checked.ok ? ok(await Promise.all(modules.map(inspect))) : checked;
    },
    build: async (modules) => {
      const checked = await check(modules);
      if (!checked.ok) return checked;
      const build = ['build', '-t', 'wasm', '-e', ENTRYPOINT, '--prune-unused', '-o', 'bundle.tar.gz'];
      return runOpa(lay(modules), [...build, ...WITH_OFFERED], readBuild);
    },
    format,
    test: async (modules, data) => {
      const files = { ...lay(modules), [`${MODULES}/data.json`]: JSON.stringify(data) };
      // Said with its place, as `opa test` does not.
      const checked = explainLacks(await runOpa(files, [...CHECK, MODULES], readCheck), capabilities);
      return checked.ok ? runOpa(files, ['test', '--format', 'json', MODULES], readTests) : checked;
    },
    ...CANNOT,
    evaluate: async ({ modules, data, input, query }) => {
      const files = {
        ...lay(modules),
        'data.json': JSON.stringify(data),
        'input.json': JSON.stringify(input),
      };
      const places = ['-d', MODULES, '-d', 'data.json', '-i', 'input.json'];
      const args = ['eval', '--format', 'json', ...places, query];
      return explainLacks(await runOpa(files, args, readResults), capabilities);
    },
  };
}

const readKnown = (capabilities: object): Promise<string> =>
  runOpa({}, ['capabilities', '--current'], ({ stdout }) =>
    JSON.stringify(joinCapabilities(JSON.parse(stdout) as object, capabilities)),
  );

interface Layers {
  readonly lay: (modules: readonly RegoModule[]) => OpaFiles;
  readonly layAll: (modules: readonly RegoModule[]) => Promise<OpaFiles>;
}

/** Policies by what they are offered, then with their tests by all that there is. */
const checkWith =
  ({ schema }: Offer, { lay, layAll }: Layers): RegoCompiler['check'] =>
  async (modules) => {
    const shipped = lay(modules.filter(({ test }) => !test));
    const [files, typed] =
      schema === undefined
        ? [shipped, []]
        : [{ ...shipped, [SCHEMA]: JSON.stringify(schema) }, ['--schema', SCHEMA]];
    const checked = await runOpa(files, [...STRICTLY, ...typed, ...WITH_OFFERED], readCheck);
    return checked.ok ? runOpa(await layAll(modules), [...STRICTLY, ...WITH_KNOWN], readCheck) : checked;
  };

const PARSE = ['parse', '--format', 'json', '--json-include', 'annotations,locations'];

const inspect = ({ file, text }: RegoModule): Promise<PackageFacts> =>
  runOpa({ 'm.rego': text }, [...PARSE, 'm.rego'], ({ stdout }) => readModule(file, stdout));

const format: RegoCompiler['format'] = async (modules) => {
  const changed: Record<string, string> = {};
  for (const { file, text } of modules) {
    const formatted = await runOpa({ 'm.rego': text }, ['fmt', 'm.rego'], readText);
    if (!formatted.ok) return err(formatted.error.map((issue) => ({ ...issue, file })));
    if (formatted.value !== text) changed[file] = formatted.value;
  }
  return ok(changed);
};
