// Verdicts that somebody has to hear of in; Events on whatever made the pod out. Best effort: an Event that is lost is in the metrics all the same.
import { createHash } from 'node:crypto';
import { createObject, type Client, type KubeObject } from '../cluster/reflect/index.ts';
import type { Verdict } from '../cluster/admit/index.ts';
import type { Log } from '../gate/record/index.ts';

interface Subject {
  readonly namespace: string;
  readonly name: string;
  readonly owners: ReadonlyArray<Readonly<Record<string, unknown>>>;
}

export interface Events {
  tell(subject: Subject, verdict: Exclude<Verdict, { readonly kind: 'patch' }>): void;
}

/** Nobody asked for a sidecar there, so nobody wonders. */
const NO_NEWS: ReadonlySet<string> = new Set(['system_namespace', 'disabled_by_default']);
/** A ReplicaSet tries again and again. */
const QUIET_MS = 300_000;
const REMEMBERED = 1_024;
const MESSAGE_CHARACTERS = 1_024;

export function createEvents(client: Client, log: Pick<Log, 'warn'>): Events {
  const told = new Map<string, number>();
  const write = async (event: Event): Promise<void> => {
    const created = await createObject(client, EVENTS, event);
    if (!created.ok) log.warn('an Event could not be written', { code: created.error.code });
  };
  return {
    tell: (subject, verdict) => {
      if (verdict.kind === 'skip' && NO_NEWS.has(verdict.reason)) return;
      const event = writeEvent(subject, verdict);
      const key = createHash('sha256')
        .update(JSON.stringify([event.regarding, event.note]))
        .digest('hex');
      if (Date.now() - (told.get(key) ?? 0) < QUIET_MS) return;
      if (told.size >= REMEMBERED) told.clear();
      told.set(key, Date.now());
      void write(event);
    },
  };
}

const EVENTS = { apiVersion: 'events.k8s.io/v1', kind: 'Event', plural: 'events' } as const;

interface Event extends KubeObject {
  readonly regarding: object;
  readonly note: string;
}

function writeEvent({ namespace, name, owners }: Subject, verdict: Parameters<Events['tell']>[1]): Event {
  const owner = owners[0];
  const isDenied = verdict.kind === 'deny';
  const note = isDenied ? verdict.message : `no sidecar: ${verdict.reason.replaceAll('_', ' ')}`;
  return {
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: {
      namespace,
      name: `postern.${Date.now().toString(16)}.${String(Math.trunc(performance.now() * 1000) % 1_000_000)}`,
    },
    eventTime: new Date().toISOString().replace('Z', '000Z'),
    type: isDenied ? 'Warning' : 'Normal',
    reason: isDenied ? 'InjectionDenied' : 'InjectionSkipped',
    action: 'Inject',
    reportingController: 'postern.dev/injector',
    reportingInstance: 'postern',
    regarding:
      owner === undefined
        ? { apiVersion: 'v1', kind: 'Pod', namespace, name }
        : {
            apiVersion: owner['apiVersion'],
            kind: owner['kind'],
            name: owner['name'],
            uid: owner['uid'],
            namespace,
          },
    note: note.slice(0, MESSAGE_CHARACTERS),
  } as Event;
}
