// An `opa` on PATH as a RegoCompiler, for where the WASI module is not. It does not lower sprintf, does not measure
// coverage, does not lint, explain or compare, and cannot say whether text is read, so it is taken to be.
import { err, ok } from '../../lib/result.ts';
import { MODULES, readBuild, readCheck, readResults, readTests, readText } from './opa-answers.ts';
import { runOpa, type OpaFiles } from './opa-process.ts';
import { readModule } from './opa-syntax.ts';
import { ENTRYPOINT, type Offer, type RegoCompiler, type RegoModule } from './rego-compiler.ts';

const OLDEST = [1, 21, 3] as const;
const CAPABILITIES = 'capabilities.json';
const SCHEMA = 'schema.json';
const STRICTLY = ['check', '--strict', '--format', 'json'];

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

function createOpa(name: string, { capabilities, schema }: Offer): RegoCompiler {
  const lay = (modules: readonly RegoModule[]): OpaFiles => ({
    [CAPABILITIES]: JSON.stringify(capabilities),
    ...(schema === undefined ? {} : { [SCHEMA]: JSON.stringify(schema) }),
    ...Object.fromEntries(modules.map(({ file, text }) => [`${MODULES}/${file}`, text])),
  });
  const withOffered = ['--capabilities', CAPABILITIES, MODULES];
  const check = checkWith(lay, [...(schema === undefined ? [] : ['--schema', SCHEMA]), ...withOffered]);
  return {
    name,
    check,
    inspect: async (modules) => {
      const checked = await runOpa(lay(modules), ['check', '--format', 'json', MODULES], readCheck);
      if (!checked.ok) return checked;
      const parse = ['parse', '--format', 'json', '--json-include', 'annotations,locations'];
      return ok(
        await Promise.all(
          modules.map(({ file, text }) =>
            runOpa({ 'm.rego': text }, [...parse, 'm.rego'], ({ stdout }) => readModule(file, stdout)),
          ),
        ),
      );
    },
    build: async (modules) => {
      const checked = await check(modules);
      if (!checked.ok) return checked;
      const build = ['build', '-t', 'wasm', '-e', ENTRYPOINT, '--prune-unused', '-o', 'bundle.tar.gz'];
      return runOpa(lay(modules), [...build, ...withOffered], readBuild);
    },
    format: async (modules) => {
      const changed: Record<string, string> = {};
      for (const { file, text } of modules) {
        const formatted = await runOpa({ 'm.rego': text }, ['fmt', 'm.rego'], readText);
        if (!formatted.ok) return err(formatted.error.map((issue) => ({ ...issue, file })));
        if (formatted.value !== text) changed[file] = formatted.value;
      }
      return ok(changed);
    },
    test: async (modules, data) => {
      const files = { ...lay(modules), [`${MODULES}/data.json`]: JSON.stringify(data) };
      return runOpa(files, ['test', '--format', 'json', MODULES], readTests);
    },
    ...CANNOT,
    evaluate: async ({ modules, data, input, query }) => {
      const files = {
        ...lay(modules),
        'data.json': JSON.stringify(data),
        'input.json': JSON.stringify(input),
      };
      const places = ['-d', MODULES, '-d', 'data.json', '-i', 'input.json'];
      return runOpa(files, ['eval', '--format', 'json', ...places, query], readResults);
    },
  };
}

/** Policies by what they are offered, then with their tests by all that OPA has. */
function checkWith(
  lay: (modules: readonly RegoModule[]) => OpaFiles,
  offered: readonly string[],
): RegoCompiler['check'] {
  return async (modules) => {
    const shipped = modules.filter(({ test }) => !test);
    const checked = await runOpa(lay(shipped), [...STRICTLY, ...offered], readCheck);
    return checked.ok ? runOpa(lay(modules), [...STRICTLY, MODULES], readCheck) : checked;
  };
}
