// ConfigMaps with policies in; for every namespace with sidecars a bundle, whoever waits for it woken, and how it stands told, out.
import { setTimeout as pause } from 'node:timers/promises';
import {
  createBuild,
  createReview,
  EMPTY_FLOOR,
  Endpoint,
  findMade,
  lastDistributed,
  Offers,
  readFloors,
  Workshop,
  type Built,
  type ConfigMap,
  type PolicySet,
  type Signing,
  type Standing,
} from '../../cluster/distribute/index.ts';
import type { Client, Leadership, Owner } from '../../cluster/reflect/index.ts';
import type { Log } from '../../gate/record/index.ts';
import { Doorbell } from '../../lib/doorbell.ts';
import { spawnFloorCompilers } from '../../policy/index.ts';
import type { Namespaces } from '../namespaces.ts';
import { authenticateBy, lookBy } from './authenticate.ts';
import { Candidates, namespaceOf } from './candidates.ts';
import { ClusterView } from './cluster-view.ts';
import { relayBy } from './relay.ts';
import { Standings, type WholeStanding } from './standings.ts';
import { Writer } from './writer.ts';

export interface PoliciesOptions {
  readonly client: Client;
  /** Of the ConfigMaps that are made. */
  readonly owner: Owner;
  readonly leadership: Pick<Leadership, 'isLeader' | 'otherAddress' | 'subscribe'>;
  /** Whom the replica that leads has to prove to be: PEM, and a name. */
  readonly trust: () => string | null;
  readonly serverName: string;
  /** What bundles are made by here. */
  readonly maker: string;
  /** Null where bundles are not signed. */
  readonly signing: Signing | null;
  readonly namespaces: Namespaces;
  /** Whose policies bind all others. */
  readonly platform: string;
  /** The controller's own. */
  readonly account: string;
  readonly log: Log;
}

export interface Policies extends AsyncDisposable {
  readonly synced: Promise<unknown>;
  readonly endpoint: Pick<Endpoint, 'serveBundle' | 'serveCandidate' | 'takeAcknowledgement'>;
  readonly review: ReturnType<typeof createReview>;
  /** Of every namespace; `held` beside, where its candidate is. */
  states(): ReadonlyArray<Standing['state'] | 'held'>;
}

/** Changes come in flocks: what follows within this time is taken, and told, with it. */
const SETTLE_MS = { plan: 50, write: 500 } as const;
/** Nothing is overlooked for longer; what is left to be written, for no longer than that. */
const REPEAT_MS = { usual: 60_000, soon: 10_000 } as const;

export const openPolicies = (options: PoliciesOptions): Policies => new Keeper(options);

class Keeper implements Policies {
  readonly review: ReturnType<typeof createReview>;
  readonly endpoint: Endpoint;
  readonly #options: PoliciesOptions;
  readonly #view: ClusterView;
  readonly #workshop: Workshop;
  readonly #candidates: Candidates;
  readonly #standings: Standings;
  readonly #offers: Offers;
  readonly #writer: Writer;
  readonly #changes = new Doorbell();
  readonly #news = new Doorbell();
  readonly #ends: ReadonlyArray<() => void>;
  readonly #running: Promise<unknown>;
  #whole: ReadonlyMap<string, WholeStanding> = new Map();
  #hasTakenOver = false;
  #isClosed = false;

  constructor(options: PoliciesOptions) {
    const { client, namespaces, log, platform, account, leadership, trust, serverName, signing, owner } =
      options;
    const { compile, test } = spawnFloorCompilers(process.argv[1] ?? '');
    const build = createBuild(compile);
    this.#options = options;
    this.#offers = new Offers((namespace, built) => this.#seal(namespace, built));
    this.#view = new ClusterView({ client, namespaces, log, signing });
    this.#workshop = new Workshop({ build });
    this.#candidates = new Candidates(this.#view, this.#workshop);
    this.#standings = new Standings({
      view: this.#view,
      workshop: this.#workshop,
      candidates: this.#candidates,
      maker: options.maker,
    });
    this.#writer = new Writer({ client, owner, log });
    this.review = createReview({
      build,
      test: createBuild(test),
      platform,
      account,
      configMapsOf: (namespace) => this.#view.sourcesOf(namespace),
      issuesOf: (namespace, channel) =>
        channel === 'candidate'
          ? this.#candidates.issuesOf(namespace)
          : (this.#workshop.stateOf(namespace)?.issues ?? []),
    });
    this.endpoint = new Endpoint({
      offers: this.#offers,
      authenticate: authenticateBy(client, namespaces),
      look: lookBy(namespaces),
      isReady: () => this.#view.isSynced,
      acknowledge: (heard) => {
        this.#standings.hear(heard);
        this.#news.ring();
      },
      relay: relayBy({ leadership, trust, serverName }),
    });
    const plan = (): void => this.#changes.ring();
    const write = (): void => this.#news.ring();
    this.#ends = [
      this.#view.subscribe(plan),
      this.#view.subscribe(write),
      // Whoever waits for it waits no longer than it takes to compile.
      this.#workshop.subscribe((key) => this.#offer(namespaceOf(key))),
      this.#workshop.subscribe(write),
      leadership.subscribe(() => {
        this.#hasTakenOver = false;
        write();
      }),
    ];
    this.#running = Promise.all([
      this.#repeat(this.#changes, SETTLE_MS.plan, () => this.#plan()),
      this.#repeat(this.#news, SETTLE_MS.write, () => this.#write()),
    ]);
  }

  get synced(): Promise<unknown> {
    return this.#view.synced;
  }

  states(): ReturnType<Policies['states']> {
    return [...this.#whole.values()].flatMap(({ standing, origin: { candidate } }) => [
      standing.state,
      ...(candidate?.state === 'held' ? ['held' as const] : []),
    ]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    for (const end of this.#ends) end();
    this.endpoint[Symbol.dispose]();
    this.#view[Symbol.dispose]();
    this.#changes.ring();
    this.#news.ring();
    await this.#running;
    await this.#workshop[Symbol.asyncDispose]();
  }

  /** Before the first word, and not before what was told is known: a controller may lead as soon as it starts. */
  #takeOver(): void {
    this.#hasTakenOver = true;
    this.#standings.takeOver();
    this.#writer.forgetAll();
  }

  /** A round says when it is to be repeated, even if nothing rings. */
  async #repeat(bell: Doorbell, settleMs: number, round: () => Promise<number> | number): Promise<void> {
    await this.#view.synced;
    while (!this.#isClosed) {
      bell.reset();
      await bell.wait(await round());
      if (!this.#isClosed) await pause(settleMs);
    }
  }

  /** What each namespace is to have, as of now. */
  #plan(): number {
    const floors = readFloors(this.#view.sources());
    const platform = floors.get(this.#options.platform);
    const audience = new Set(this.#view.audience());
    for (const namespace of audience) {
      const own = floors.get(namespace);
      this.#want(namespace, { platform: platform?.stable ?? EMPTY_FLOOR, own: own?.stable ?? EMPTY_FLOOR });
      this.#candidates.plan(namespace, { platform, own });
      this.#offer(namespace);
    }
    for (const key of this.#workshop.names) if (!audience.has(namespaceOf(key))) this.#forget(key);
    return REPEAT_MS.usual;
  }

  /** Compiled here, unless another replica, or the one before, has done so. */
  #want(namespace: string, set: PolicySet): void {
    const kept = this.#view.keptOf(namespace);
    this.#workshop.want(namespace, set);
    const made = findMade(kept, this.#view.toldOf(namespace), { set, maker: this.#options.maker });
    if (made !== null) this.#workshop.adopt(namespace, made);
    const last = lastDistributed(kept);
    if (last !== null) this.#workshop.restore(namespace, last);
  }

  #forget(key: string): void {
    this.#workshop.forget(key);
    this.#offers.forget(namespaceOf(key));
    this.#writer.forget(namespaceOf(key));
  }

  /** Signed, where that is wanted. */
  #seal(namespace: string, built: Built): Built {
    return this.#options.signing?.sign(namespace, built) ?? built;
  }

  #offer(namespace: string): void {
    const { built, kind } = this.#standings.chosen(namespace);
    const channel = kind === 'pinned' ? 'pinned' : 'newest';
    const candidate = this.#candidates.offerOf(namespace);
    this.#offers.put(namespace, built === null ? null : { ...built, channel, candidate });
  }

  async #write(): Promise<number> {
    this.#standings.prune();
    if (!this.#options.leadership.isLeader) return REPEAT_MS.usual;
    if (!this.#hasTakenOver) this.#takeOver();
    let isDone = true;
    const whole = new Map<string, WholeStanding>();
    for (const namespace of this.#view.audience()) {
      const { built } = this.#standings.chosen(namespace);
      const [kept, pin] = [this.#view.keptOf(namespace), this.#view.pinOf(namespace)];
      const seal = (bundle: Built): Built => this.#seal(namespace, bundle);
      await this.#writer.keep({ namespace, built, kept, pin, seal });
      const judged = this.#standings.judge(namespace);
      whole.set(namespace, judged);
      isDone = (await this.#writer.tell(namespace, judged.standing, judged.origin)) && isDone;
    }
    this.#whole = whole;
    for (const source of this.#view.sources()) await this.#annotate(source, whole);
    return isDone ? REPEAT_MS.usual : REPEAT_MS.soon;
  }

  /** The platform's reach every namespace, others their own. */
  async #annotate(source: ConfigMap, whole: ReadonlyMap<string, WholeStanding>): Promise<void> {
    const { namespace = '' } = source.metadata;
    const own = whole.get(namespace);
    const reached =
      namespace === this.#options.platform ? [...whole.values()] : own === undefined ? [] : [own];
    if (reached.length > 0) await this.#writer.annotate(source, reached);
  }
}
