// What the controller says of a namespace, and the policies that are there, in; whether what is waited for has come about out. Pure.
import { describeIssue, shortDigest, type ToldStatus } from '../../cluster/distribute/index.ts';

export interface Awaited {
  /** Null where they cannot be read: then the word of the controller has to do. */
  readonly sources: { readonly platform: string | null; readonly own: string };
  /** The annotation of the Namespace; undefined where it cannot be read. */
  readonly pin: string | null | undefined;
  /** The first digits of what every pod is to have; null for whatever is newest. */
  readonly digest: string | null;
}

export type Outlook =
  | { readonly kind: 'done'; readonly digest: string; readonly pods: number; readonly channel: string }
  | { readonly kind: 'waiting'; readonly why: string }
  /** `degraded` may pass: what a pod said last may be of the bundle before. */
  | { readonly kind: 'error' | 'degraded'; readonly why: string };

const wait = (why: string): Outlook => ({ kind: 'waiting', why });

export function judgeWait(status: ToldStatus | null, awaited: Awaited): Outlook {
  if (status === null) return wait('the controller has said nothing of this namespace yet');
  const why = judgeAge(status, awaited);
  return why === null ? judgeState(status, awaited) : wait(why);
}

/** Why it is not the word on what is there now; null when it is. */
function judgeAge(status: ToldStatus, { sources, pin }: Awaited): string | null {
  if (pin !== undefined && pin !== status.pin)
    return 'the controller has yet to see the pin of the Namespace';
  return isOf(status, sources) ? null : 'the newest policies are being compiled';
}

function judgeState(status: ToldStatus, awaited: Awaited): Outlook {
  const { state, digest, acknowledged, pods, channel } = status;
  if (state === 'error') return { kind: 'error', why: status.issues.map(tell).join('\n') };
  if (digest === null) return wait('nothing is distributed yet');
  const short = shortDigest(digest);
  if (awaited.digest !== null && !digest.startsWith(awaited.digest))
    return wait(`${short} is distributed, not ${awaited.digest}`);
  if (state === 'degraded') return { kind: 'degraded', why: degradedPods(status) };
  if (state === 'ok') return { kind: 'done', digest, pods, channel };
  return wait(`${String(acknowledged)} of ${String(pods)} pods have ${short}`);
}

function isOf({ sources: told }: ToldStatus, { platform, own }: Awaited['sources']): boolean {
  return told !== null && told.own === own && (platform === null || told.platform === platform);
}

const tell = (issue: ToldStatus['issues'][number]): string =>
  [issue.configMap, describeIssue(issue)].filter((each) => each !== '').join(': ');

const degradedPods = ({ byPod }: ToldStatus): string =>
  byPod
    .filter(({ state }) => state === 'degraded')
    .map(({ pod, issues: [first] }) =>
      first === undefined
        ? `pod ${pod} could not load it`
        : `pod ${pod}: ${first.file}:${String(first.row)}:${String(first.column)}: ${first.message}`,
    )
    .join('\n');
