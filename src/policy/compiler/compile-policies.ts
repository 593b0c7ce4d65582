// Sources in, the bytes of one bundle out, tried once in each phase; or everything that is wrong with them.
import { err, ok, type Result } from '../../lib/result.ts';
import { readBundle, writeBundle, type BundleFault } from '../bundle.ts';
import { wholeIssue, type PolicyIssue } from '../issue.ts';
import type { Modes } from '../modes.ts';
import { openSnapshot } from '../snapshot.ts';
import { buildData } from './data.ts';
import type { JsonObject } from './document.ts';
import { writeEntrypoint } from './entrypoint.ts';
import { readModes } from './mode-files.ts';
import { findPolicies, type Floor, type Policy } from './policy-facts.ts';
import { ENTRYPOINT, type PackageFacts, type RegoCompiler, type RegoModule } from './rego-compiler.ts';
import { NO_SOURCES, type PolicySources } from './sources.ts';

export interface CompileOptions {
  readonly compiler: RegoCompiler;
  readonly builtin: PolicySources;
  /** What binds the team whose sources are compiled; without it the team is its own platform. */
  readonly platform?: PolicySources;
  readonly revision: string;
}

/** Everything that is evaluated: the modules with the generated one, and the data. */
export interface Program {
  readonly modules: readonly RegoModule[];
  readonly data: JsonObject;
  readonly policies: readonly Policy[];
  readonly modes: Modes;
}

type Issues = readonly PolicyIssue[];

export async function compilePolicies(
  own: PolicySources,
  { revision, ...options }: CompileOptions,
): Promise<Result<Buffer, Issues>> {
  const { compiler } = options;
  const program = await assemblePolicies(own, options);
  if (!program.ok) return program;
  const { modules, data, policies, modes } = program.value;
  const compiled = await compiler.build(modules);
  if (!compiled.ok) return compiled;
  const metadata = policies.map((policy) => policy.metadata);
  // Loaded here: it is as large as the compiler, and most of what the compiler is asked needs no module.
  const { meterModule } = await import('./meter.ts');
  const bytes = writeBundle({
    ...compiled.value,
    wasm: meterModule(compiled.value.wasm),
    data,
    revision,
    compiler: compiler.name,
    policies: metadata,
    modes,
  });
  return bytes.ok ? tryBundle(bytes.value, program.value, compiler) : err([describeFault(bytes.error)]);
}

export async function assemblePolicies(
  own: PolicySources,
  { compiler, builtin, platform = NO_SOURCES }: Omit<CompileOptions, 'revision'>,
): Promise<Result<Program, Issues>> {
  const isPlatform = platform === NO_SOURCES;
  const data = buildData(builtin.data, own.data, isPlatform ? null : platform.data);
  const isShipped = ({ test }: RegoModule): boolean => !test;
  const sources = [builtin, platform, own].map(({ modules }) => modules.filter(isShipped));
  const shipped = sources.flat();
  const packages = await compiler.inspect(shipped);
  if (!data.ok || !packages.ok) return err([...issuesOf(data), ...issuesOf(packages)]);
  const policies = findPolicies(layFloors(packages.value, sources, isPlatform));
  if (!policies.ok) return policies;
  if (policies.value.length === 0) return err([wholeIssue('policy.none', 'There is no policy here.')]);
  const modules = [...shipped, writeEntrypoint(policies.value)];
  const metadata = policies.value.map((policy) => policy.metadata);
  const modes = readModes(
    isPlatform ? { upper: own.data, lower: [] } : { upper: platform.data, lower: own.data },
    metadata,
  );
  return modes.ok ? ok({ modules, data: data.value, policies: policies.value, modes: modes.value }) : modes;
}

/** What each floor's modules said of their packages; they were asked in one row. */
function layFloors(
  packages: readonly PackageFacts[],
  sources: ReadonlyArray<readonly RegoModule[]>,
  isPlatform: boolean,
): Floor[] {
  let at = 0;
  return sources.map((modules, index) => {
    const start = at;
    at += modules.length;
    const level = index < 2 || isPlatform ? 'platform' : 'tenant';
    return { level, packages: packages.slice(start, at) };
  });
}

const issuesOf = (result: Result<unknown, Issues>): Issues => (result.ok ? [] : result.error);

/** What cannot be loaded is not handed out. */
async function tryBundle(
  bytes: Buffer,
  program: Program,
  compiler: RegoCompiler,
): Promise<Result<Buffer, Issues>> {
  const bundle = readBundle(bytes);
  if (!bundle.ok) return err([describeFault(bundle.error)]);
  const snapshot = await openSnapshot(bundle.value, {});
  if (snapshot.ok) return ok(bytes);
  const located = await locateFailure(program, compiler);
  return err(located.length > 0 ? located : snapshot.error);
}

/** WASM does not say where it gave up; OPA's own evaluator does. */
async function locateFailure({ modules, data }: Program, compiler: RegoCompiler): Promise<Issues> {
  const query = `data.${ENTRYPOINT.replaceAll('/', '.')}`;
  for (const input of [{}, { phase: 'request' }, { phase: 'response' }]) {
    const evaluated = await compiler.evaluate({ modules, data, input, query });
    if (!evaluated.ok) return evaluated.error;
  }
  return [];
}

const describeFault = ({ code, message }: BundleFault): PolicyIssue =>
  wholeIssue(code, `The bundle: ${message}`);
