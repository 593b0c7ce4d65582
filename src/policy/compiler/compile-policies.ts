// Sources in, the bytes of one bundle out, tried once in each phase; or everything that is wrong with them.
import { err, ok, type Result } from '../../lib/result.ts';
import { readBundle, writeBundle, type BundleFault } from '../bundle.ts';
import { wholeIssue, type PolicyIssue } from '../issue.ts';
import { openSnapshot } from '../snapshot.ts';
import { buildData } from './data.ts';
import type { JsonObject } from './document.ts';
import { writeEntrypoint } from './entrypoint.ts';
import { findPolicies, type Policy } from './policy-facts.ts';
import { ENTRYPOINT, type RegoCompiler, type RegoModule } from './rego-compiler.ts';
import type { PolicySources } from './sources.ts';

export interface CompileOptions {
  readonly compiler: RegoCompiler;
  readonly builtin: PolicySources;
  readonly revision: string;
}

/** Everything that is evaluated: the modules with the generated one, and the data. */
export interface Program {
  readonly modules: readonly RegoModule[];
  readonly data: JsonObject;
  readonly policies: readonly Policy[];
}

type Issues = readonly PolicyIssue[];

export async function compilePolicies(
  own: PolicySources,
  { compiler, builtin, revision }: CompileOptions,
): Promise<Result<Buffer, Issues>> {
  const program = await assemblePolicies(own, { compiler, builtin });
  if (!program.ok) return program;
  const { modules, data, policies } = program.value;
  const compiled = await compiler.build(modules);
  if (!compiled.ok) return compiled;
  const metadata = policies.map((policy) => policy.metadata);
  const bytes = writeBundle({
    ...compiled.value,
    data,
    revision,
    compiler: compiler.name,
    policies: metadata,
  });
  return bytes.ok ? tryBundle(bytes.value, program.value, compiler) : err([describeFault(bytes.error)]);
}

export async function assemblePolicies(
  own: PolicySources,
  { compiler, builtin }: Omit<CompileOptions, 'revision'>,
): Promise<Result<Program, Issues>> {
  const data = buildData(builtin.data, own.data);
  const isShipped = ({ test }: RegoModule): boolean => !test;
  const first = builtin.modules.filter(isShipped);
  const shipped = [...first, ...own.modules.filter(isShipped)];
  const packages = await compiler.inspect(shipped);
  if (!data.ok || !packages.ok) return err([...issuesOf(data), ...issuesOf(packages)]);
  const facts = packages.value;
  const policies = findPolicies(facts.slice(0, first.length), facts.slice(first.length));
  if (!policies.ok) return policies;
  if (policies.value.length === 0) return err([wholeIssue('policy.none', 'There is no policy here.')]);
  const modules = [...shipped, writeEntrypoint(policies.value)];
  return ok({ modules, data: data.value, policies: policies.value });
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
