// `postern policy wait`: until every pod of a namespace has its newest policies.
import { shortDigest } from '../../cluster/distribute/index.ts';
import { CLUSTER_OPTIONS, NAMESPACE_OPTION, PLATFORM_OPTION } from '../cluster/options.ts';
import { withCluster } from '../cluster/with-cluster.ts';
import { textOf, UsageError, type Command, type Options } from '../command.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import type { Printer } from '../print.ts';
import { Following } from './follow-namespace.ts';
import { judgeWait, type Outlook } from './judge-wait.ts';

/** What pods said of the bundle before may still stand there. */
const GRACE_MS = 5000;
const MOST_SECONDS = 86_400;

export const waitCommand: Command = {
  kind: 'command',
  name: 'wait',
  summary: 'wait until every pod of a namespace has its newest policies',
  operands: '',
  options: {
    ...NAMESPACE_OPTION,
    digest: { value: 'DIGITS', help: 'and until they are these: the first digits of a digest' },
    timeout: { value: 'TIME', help: 'e.g. 90s or 5m; 60s when not given' },
    ...PLATFORM_OPTION,
    ...CLUSTER_OPTIONS,
  },
  examples: [
    {
      line: 'policy wait -n shop',
      purpose: 'after kubectl apply; ends with 1 when they cannot be had, with 75 when time is up',
    },
    {
      line: 'policy wait -n shop --digest 1f0c9a5d27be --timeout 5m',
      purpose: 'until that bundle is everywhere',
    },
  ],
  run: withCluster(async ({ options, print }, cluster) => {
    const namespace = textOf(options, 'namespace') ?? cluster.namespace;
    const [digest, timeoutMs] = [readDigits(options), readTime(options)];
    const platform = textOf(options, 'platform') ?? 'postern-system';
    const following = await Following.open(cluster, namespace, platform);
    try {
      const look = (): Outlook =>
        judgeWait(following.status, { sources: following.sources, pin: following.pin, digest });
      return report(print, namespace, await settle(following, { look, timeoutMs, print }));
    } finally {
      following[Symbol.dispose]();
    }
  }),
};

interface Settling {
  readonly look: () => Outlook;
  readonly timeoutMs: number;
  readonly print: Printer;
}

async function settle({ changes }: Following, { look, timeoutMs, print }: Settling): Promise<Outlook> {
  const end = performance.now() + timeoutMs;
  let degradedUntil = Infinity;
  for (let said = ''; ;) {
    changes.reset();
    const outlook = look();
    const now = performance.now();
    degradedUntil = outlook.kind === 'degraded' ? Math.min(degradedUntil, now + GRACE_MS) : Infinity;
    if (isFinal(outlook) || now >= Math.min(end, degradedUntil)) return outlook;
    if (outlook.why !== said) print.error(outlook.why);
    said = outlook.why;
    await changes.wait(Math.min(end, degradedUntil) - now);
  }
}

const isFinal = (outlook: Outlook): outlook is Extract<Outlook, { kind: 'done' | 'error' }> =>
  outlook.kind === 'done' || outlook.kind === 'error';

function report(print: Printer, namespace: string, outlook: Outlook): ExitCode {
  if (print.isJson) print.json({ namespace, ...outlook });
  else if (outlook.kind === 'done') print.line(`${namespace}: ${describeDone(outlook)}`);
  else print.error(`${namespace}: ${outlook.kind === 'waiting' ? 'time is up: ' : ''}${outlook.why}`);
  if (outlook.kind === 'done') return EXIT.fine;
  return outlook.kind === 'waiting' ? EXIT.timedOut : EXIT.findings;
}

function describeDone({ digest, pods, channel }: Extract<Outlook, { kind: 'done' }>): string {
  const who = pods === 1 ? '1 pod has' : `all ${String(pods)} pods have`;
  const held = channel === 'newest' ? '' : ` (${channel}: the newest policies are held back)`;
  return `${who} ${shortDigest(digest)}${held}`;
}

function readDigits(options: Options): string | null {
  const digits = textOf(options, 'digest') ?? null;
  if (digits !== null && !/^[0-9a-f]{6,64}$/.test(digits))
    throw new UsageError('--digest is at least 6 hexadecimal digits');
  return digits;
}

/** Milliseconds. @throws UsageError */
function readTime(options: Options): number {
  const text = textOf(options, 'timeout') ?? '60s';
  const [, number = '', unit = 's'] = /^(\d{1,5})(s|m|h)?$/.exec(text) ?? [];
  const seconds = Number(number) * ({ s: 1, m: 60, h: 3600 }[unit] ?? 1);
  if (number === '' || seconds > MOST_SECONDS)
    throw new UsageError('--timeout is like 90s, 5m or 1h, a day at most');
  return seconds * 1000;
}
