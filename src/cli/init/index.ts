// `postern init`: a configuration and a pod's surroundings in; the kernel's rules printed, or in force, out.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { formatIssue, parseConfig, type Config } from '../../config/index.ts';
import { authoritiesOf, renderRules, type RedirectPlan } from '../../lead/index.ts';
import { requireText, textOf, UsageError, type Call, type Command, type Options } from '../command.ts';
import { EXIT, type ExitCode } from '../exit.ts';

export const initCommand: Command = {
  kind: 'command',
  name: 'init',
  summary: 'rules by which the kernel leads a pod’s egress to Postern',
  operands: '',
  options: {
    config: { short: 'c', value: 'FILE', help: 'the sidecar’s configuration, with listen.redirect' },
    uid: { value: 'UID', help: 'whom the sidecar runs as: its own connections go out' },
    ports: { value: 'LIST', help: 'ports that are led to it beside those of upstreams (443,80)' },
    exclude: { value: 'LIST', help: 'networks that are left alone, such as 10.96.0.0/12' },
    resolvers: { value: 'LIST', help: 'name servers, where it is strict (those of /etc/resolv.conf)' },
    apply: { help: 'put them in force with nft, instead of printing them' },
  },
  examples: [
    { line: 'init --config postern.yaml --uid 31337', purpose: 'what would be in force' },
    { line: 'init --config postern.yaml --uid 31337 --apply', purpose: 'in force, at once or not at all' },
  ],
  run: init,
};

async function init({ operands, options, print }: Call): Promise<ExitCode> {
  if (operands.length > 0) throw new UsageError('this takes options alone');
  const plan = await readPlan(options);
  const rules = render(plan);
  if (options['apply'] === true) await apply(rules);
  if (print.isJson) print.json({ rules, applied: options['apply'] === true });
  else if (options['apply'] !== true) print.line(rules.trimEnd());
  return EXIT.fine;
}

/** @throws UsageError naming what is wrong with it. */
function render(plan: RedirectPlan): string {
  try {
    return renderRules(plan);
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message);
    throw error;
  }
}

async function readPlan(options: Options): Promise<RedirectPlan> {
  const config = await readConfig(requireText(options, 'config'));
  if (config.listen.redirect === null) throw new UsageError('the configuration has no listen.redirect');
  const upstreams = [...config.upstreams.values()].flatMap(authoritiesOf).map(({ port }) => port);
  const ports = listOf(options, 'ports', ['443', '80']).map(Number);
  const isStrict = config.interception.isStrict;
  return {
    uid: Number(requireText(options, 'uid')),
    listenPort: config.listen.redirect.port,
    ports: [...new Set([...ports, ...upstreams])],
    excluded: listOf(options, 'exclude', []),
    resolvers: listOf(options, 'resolvers', isStrict ? await nameServers() : []),
    isStrict,
  };
}

const listOf = (options: Options, name: string, none: readonly string[]): readonly string[] => {
  const text = textOf(options, name);
  return text === undefined ? none : text.split(',').map((each) => each.trim());
};

/** @throws UsageError with each problem of it. */
async function readConfig(file: string): Promise<Config> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${file} cannot be read (${error.code ?? error.message})`);
  });
  const parsed = parseConfig({ file, text, env: process.env });
  if (parsed.ok) return parsed.value;
  throw new UsageError(parsed.error.map(formatIssue).join('\n'));
}

async function nameServers(): Promise<readonly string[]> {
  const text = await readFile('/etc/resolv.conf', 'utf8');
  return [...text.matchAll(/^nameserver\s+([0-9a-f.:]+)\s*$/gm)].map(([, address = '']) => address);
}

/** One transaction: either all of it holds, or what held before. @throws UsageError with what nft says. */
async function apply(rules: string): Promise<void> {
  const nft = spawn('nft', ['-f', '-'], { stdio: ['pipe', 'inherit', 'pipe'] });
  let said = '';
  nft.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  nft.stdin.on('error', () => {});
  nft.stdin.end(rules);
  const [code] = (await once(nft, 'close').catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`nft could not be started (${error.code ?? error.message})`);
  })) as [number | null];
  if (code !== 0) throw new UsageError(`nft did not take the rules:\n${said.trimEnd()}`);
}
