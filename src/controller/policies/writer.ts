// Namespaces whose policies changed in; what the API server keeps of them, brought to what it should be, out. Only who leads writes.
import {
  CHANNEL,
  planHistory,
  writeAnnotation,
  writeCandidateAnnotation,
  writeStatus,
  type CandidateStanding,
  type ConfigMap,
  type Origin,
  type Standing,
} from '../../cluster/distribute/index.ts';
import {
  applyObject,
  CONFIG_MAPS,
  createObject,
  deleteObject,
  enforceObject,
  type Answered,
  type Client,
  type KubeObject,
  type Owner,
} from '../../cluster/reflect/index.ts';
import type { Log } from '../../gate/record/index.ts';
import type { WholeStanding } from './standings.ts';

/** As it is there already, or is going: nothing is to be done. */
const NO_MATTER: ReadonlySet<string> = new Set(['already_exists', 'not_found', 'forbidden', 'conflict']);

/** What is counted of a candidate changes all the time, and need not be written so often. */
const COUNTS_MS = 10_000;

interface Told {
  readonly text: string;
  readonly apartFromCounts: string;
  readonly atMs: number;
}

const withoutCounts = (standing: Standing, { candidate, ...origin }: Origin): string =>
  JSON.stringify([standing, origin, candidate && { ...candidate, sides: null }]);

/** A candidate that a Namespace does not want is none there. */
const withCandidate = ({
  standing,
  origin: { candidate },
}: WholeStanding): ReadonlyArray<Standing & { readonly candidate: CandidateStanding }> =>
  candidate === null ? [] : [{ ...standing, candidate }];

type HistoryState = Parameters<typeof planHistory>[0];
type HistoryPlan = ReturnType<typeof planHistory>;

interface WriterOptions {
  readonly client: Client;
  /** Of what is made here. */
  readonly owner: Owner;
  readonly log: Pick<Log, 'warn'>;
}

export class Writer {
  readonly #client: Client;
  readonly #owner: Owner;
  readonly #log: Pick<Log, 'warn'>;
  /** How namespaces were said to stand, so that the same is not said again. */
  readonly #told = new Map<string, Told>();

  constructor({ client, owner, log }: WriterOptions) {
    this.#client = client;
    this.#owner = owner;
    this.#log = log;
  }

  /** Another replica may have told something else meanwhile. */
  forgetAll(): void {
    this.#told.clear();
  }

  forget(namespace: string): void {
    this.#told.delete(namespace);
  }

  /** What pods mount, and the history. */
  async keep(state: HistoryState): Promise<boolean> {
    const plan = planHistory(state);
    const done = await Promise.all(this.#steps(plan));
    return done.every(Boolean);
  }

  /** False when it is to be told later: it could not be written, or only counts have changed, and not for long. */
  async tell(namespace: string, standing: Standing, origin: Origin): Promise<boolean> {
    const status = writeStatus(namespace, standing, origin);
    const [text, apartFromCounts] = [JSON.stringify(status), withoutCounts(standing, origin)];
    const told = this.#told.get(namespace);
    if (told?.text === text) return true;
    const mayWait = told?.apartFromCounts === apartFromCounts && performance.now() - told.atMs < COUNTS_MS;
    if (mayWait) return false;
    const done = await this.#make(status, enforceObject);
    if (done) this.#told.set(namespace, { text, apartFromCounts, atMs: performance.now() });
    return done;
  }

  /** `reached` are the namespaces that the ConfigMap reaches. */
  async annotate({ metadata }: ConfigMap, reached: readonly WholeStanding[]): Promise<boolean> {
    const { namespace = '', name, uid } = metadata;
    const isCandidate = metadata.annotations?.[CHANNEL] === 'candidate';
    const annotations = isCandidate
      ? { ...writeCandidateAnnotation(`${namespace}/${name}`, reached.flatMap(withCandidate)) }
      : {
          ...writeAnnotation(
            `${namespace}/${name}`,
            reached.map(({ standing }) => standing),
          ),
        };
    const isTold = Object.entries(annotations).every(([key, text]) => metadata.annotations?.[key] === text);
    // With its uid one that has gone meanwhile is not made anew.
    return (
      isTold ||
      this.#apply({ metadata: { namespace, name, annotations, ...(uid === undefined ? {} : { uid }) } })
    );
  }

  #steps({ seed, entry, remove }: HistoryPlan): readonly Promise<boolean>[] {
    return [
      ...(seed === null ? [] : [this.#make(seed, enforceObject)]),
      ...(entry === null ? [] : [this.#make(entry, createObject)]),
      ...remove.map((old) => this.#judge(old, deleteObject(this.#client, CONFIG_MAPS, old.metadata))),
    ];
  }

  #apply(object: ConfigMap): Promise<boolean> {
    return this.#judge(object, applyObject(this.#client, CONFIG_MAPS, object));
  }

  /** Of those that are ours by their names. */
  #make(object: ConfigMap, write: typeof createObject<ConfigMap>): Promise<boolean> {
    const owned = this.#owner.own(object);
    return this.#judge(
      object,
      owned.then((made) => write(this.#client, CONFIG_MAPS, made)),
    );
  }

  async #judge({ metadata }: KubeObject, doing: Promise<Answered<unknown>>): Promise<boolean> {
    const done = await doing;
    if (done.ok || NO_MATTER.has(done.error.code)) return true;
    const why = `${metadata.namespace ?? ''}/${metadata.name}`;
    this.#log.warn('a ConfigMap could not be written', { why, code: done.error.code });
    return false;
  }
}
