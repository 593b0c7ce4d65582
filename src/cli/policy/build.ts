// `postern policy build`: a directory of policies in, one bundle file out.
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setImmediate } from 'node:timers/promises';
import { readsText } from '../../gate/decide/index.ts';
import { compilePolicies, NO_SOURCES, openCompiler, readBuiltin } from '../../policy/compiler/index.ts';
import { readBundle, type Bundle } from '../../policy/index.ts';
import { requireText, textOf, type Call, type Command, type Options } from '../command.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import type { Printer } from '../print.ts';
import { printReport } from './test-print.ts';
import { hasFailed, pickFailures, runAll } from './test-run.ts';
import { WORKSPACE_OPTIONS, withWorkspace, type Workspace } from './workspace.ts';
import { writeBytes } from './write-bytes.ts';

export const buildCommand: Command = {
  kind: 'command',
  name: 'build',
  summary: 'test policies, and compile them with their data into one bundle',
  operands: '[DIR]',
  options: {
    ...WORKSPACE_OPTIONS,
    bundle: { value: 'FILE', help: 'where to write the bundle, e.g. bundle.tar.gz' },
    revision: { value: 'NAME', help: 'your name for it, e.g. a commit' },
    'skip-tests': { help: 'build without running the tests and cases of the directory' },
    wait: {
      help: 'get ready, and begin when a line of JSON on standard input says the other options; without one, build nothing',
    },
  },
  examples: [
    { line: 'policy build policies --bundle bundle.tar.gz', purpose: 'one file for a ConfigMap or a server' },
    {
      line: 'policy build policies --bundle bundle.tar.gz --revision "$(git rev-parse HEAD)"',
      purpose: 'named after the commit, as spans and audit lines show it',
    },
  ],
  run: build,
};

async function build(asked: Call): Promise<ExitCode> {
  const call = asked.options['wait'] === true ? await getReady(asked) : asked;
  if (call === null) return EXIT.fine;
  const file = requireText(call.options, 'bundle');
  const revision = textOf(call.options, 'revision') ?? '';
  return withWorkspace(call, async (workspace) => {
    const { own, compiler, builtin, platform, complain } = workspace;
    const tested = await testFirst(call, workspace);
    if (tested !== EXIT.fine) return tested;
    const bytes = await compilePolicies(own, { compiler, builtin, platform, revision });
    if (!bytes.ok) return complain(bytes.error);
    await writeBytes(file, bytes.value);
    const bundle = readBundle(bytes.value);
    if (bundle.ok) printBundle(call.print, bundle.value, { file, size: bytes.value.length });
    return EXIT.fine;
  });
}

/** For whoever waits for the answer: all that is slow the first time was done once. Null when there is nothing to be built. */
async function getReady(call: Call): Promise<Call | null> {
  const input = createInterface({ input: process.stdin });
  const first = once(input, 'line') as Promise<[string]>;
  const end = once(input, 'close');
  const compiler = await openCompiler(process.env);
  const isWaitedFor = await Promise.race([first.then(() => true), setImmediate(false)]);
  if (compiler !== null && !isWaitedFor)
    await compilePolicies(NO_SOURCES, { compiler, builtin: await readBuiltin(), revision: '' });
  const line = await Promise.race([first, end.then(() => null)]);
  input.close();
  // Whoever started us says it.
  return line && { ...call, options: { ...call.options, ...(JSON.parse(line[0]) as Options) } };
}

/** What fails its own tests is not built. */
async function testFirst({ options, print }: Call, workspace: Workspace): Promise<ExitCode> {
  if (options['skip-tests'] === true) return EXIT.fine;
  const { own, shelf } = workspace;
  if (!own.modules.some(({ test }) => test) && own.cases.length === 0) return EXIT.fine;
  const report = await runAll(workspace, { pattern: null, withBuiltin: false });
  if (!report.ok) return workspace.complain(report.error);
  if (!hasFailed(report.value)) return EXIT.fine;
  if (print.isJson) print.json(pickFailures(report.value));
  else printReport(print, report.value, { shelf, isVerbose: false });
  print.error('postern: nothing was built, for its tests fail; --skip-tests builds it all the same');
  return EXIT.findings;
}

function printBundle(print: Printer, bundle: Bundle, { file, size }: { file: string; size: number }): void {
  const { digest, revision, compiler, reads, policies } = bundle;
  const ids = policies.map(({ id }) => id);
  if (print.isJson)
    return print.json({
      bundle: file,
      bytes: size,
      digest,
      revision,
      compiler,
      reads,
      policies: ids,
    });
  print.line(`${print.style('bold', file)}: ${String(ids.length)} policies, ${String(size)} bytes`);
  print.line(`digest ${digest}`);
  print.line(`reads of requests: ${reads.request.join(', ')}`);
  print.line(`reads of answers: ${reads.response.join(', ')}`);
  if (readsText(reads, 'response'))
    print.line('streams wait for their end, since the text of answers is read');
}
