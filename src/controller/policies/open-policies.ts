// ConfigMaps with policies in; for every namespace with sidecars a bundle, whoever waits for it woken, and how it stands told, out.
import { setTimeout as pause } from 'node:timers/promises';
import {
  choose,
  createBuild,
  createReview,
  Endpoint,
  joinBooks,
  keepLive,
  judgeStanding,
  lastDistributed,
  noteAcknowledgement,
  Offers,
  pinIssue,
  readFloor,
  readFloors,
  rememberBook,
  Workshop,
  type Acknowledgement,
  type Book,
  type ConfigMap,
  type Origin,
  type Standing,
} from '../../cluster/distribute/index.ts';
import type { Client, Leadership } from '../../cluster/reflect/index.ts';
import type { Log } from '../../gate/record/index.ts';
import { Doorbell } from '../../lib/doorbell.ts';
import { spawnFloorCompiler } from '../../policy/index.ts';
import type { Namespaces } from '../namespaces.ts';
import { authenticateBy } from './authenticate.ts';
import { ClusterView } from './cluster-view.ts';
import { relayBy } from './relay.ts';
import { Writer } from './writer.ts';

export interface PoliciesOptions {
  readonly client: Client;
  readonly leadership: Pick<Leadership, 'isLeader' | 'otherAddress' | 'subscribe'>;
  /** Whom the replica that leads has to prove to be: PEM, and a name. */
  readonly trust: () => string | null;
  readonly serverName: string;
  readonly namespaces: Namespaces;
  /** Whose policies bind all others. */
  readonly platform: string;
  /** The controller's own. */
  readonly account: string;
  readonly log: Log;
}

export interface Policies extends AsyncDisposable {
  readonly synced: Promise<unknown>;
  readonly endpoint: Pick<Endpoint, 'serveBundle' | 'takeAcknowledgement'>;
  readonly review: ReturnType<typeof createReview>;
}

/** Changes come in flocks: what follows within this time is taken, and told, with it. */
const SETTLE_MS = { plan: 50, write: 500 } as const;
/** What could not be written is tried again, and nothing is overlooked for longer. */
const REPEAT_MS = 60_000;
const EMPTY = readFloor([]);

export const openPolicies = (options: PoliciesOptions): Policies => new Keeper(options);

class Keeper implements Policies {
  readonly review: ReturnType<typeof createReview>;
  readonly endpoint: Endpoint;
  readonly #options: PoliciesOptions;
  readonly #view: ClusterView;
  readonly #workshop: Workshop;
  readonly #offers = new Offers();
  readonly #writer: Writer;
  readonly #changes = new Doorbell();
  readonly #news = new Doorbell();
  readonly #ends: ReadonlyArray<() => void>;
  readonly #running: Promise<unknown>;
  #book: Book = new Map();
  #isClosed = false;

  constructor(options: PoliciesOptions) {
    const { client, namespaces, log, platform, account, leadership, trust, serverName } = options;
    const build = createBuild(spawnFloorCompiler(process.argv[1] ?? ''));
    this.#options = options;
    this.#view = new ClusterView(client, namespaces, log);
    this.#workshop = new Workshop({ build });
    this.#writer = new Writer(client, log);
    this.review = createReview({
      build,
      platform,
      account,
      configMapsOf: (namespace) => this.#view.sourcesOf(namespace),
      issuesOf: (namespace) => this.#workshop.stateOf(namespace)?.issues ?? [],
    });
    this.endpoint = new Endpoint({
      offers: this.#offers,
      authenticate: authenticateBy(client, namespaces),
      isReady: () => this.#view.isSynced,
      acknowledge: (heard) => this.#hear(heard),
      relay: relayBy({ leadership, trust, serverName }),
    });
    const plan = (): void => this.#changes.ring();
    const write = (): void => this.#news.ring();
    this.#ends = [
      this.#view.subscribe(plan),
      this.#view.subscribe(write),
      // Whoever waits for it waits no longer than it takes to compile.
      this.#workshop.subscribe((namespace) => this.#offer(namespace)),
      this.#workshop.subscribe(write),
      leadership.subscribe((isLeader) => {
        if (isLeader) this.#takeOver();
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

  /** Noted by every replica that hears it: any of them may have to lead. */
  #hear(heard: Acknowledgement): void {
    this.#book = noteAcknowledgement(this.#book, heard);
    this.#news.ring();
  }

  /** Else all pods would be pending until each has spoken again. */
  #takeOver(): void {
    const told = this.#view.audience().flatMap((namespace) => {
      const status = this.#view.toldOf(namespace);
      return status === null ? [] : [rememberBook(namespace, status)];
    });
    this.#book = joinBooks([...told, this.#book]);
  }

  async #repeat(bell: Doorbell, settleMs: number, round: () => Promise<void> | void): Promise<void> {
    await this.#view.synced;
    while (!this.#isClosed) {
      bell.reset();
      await round();
      await bell.wait(REPEAT_MS);
      if (!this.#isClosed) await pause(settleMs);
    }
  }

  /** What each namespace is to have, as of now. */
  #plan(): void {
    const floors = readFloors(this.#view.sources());
    this.#book = keepLive(this.#book, this.#view.live());
    const platform = floors.get(this.#options.platform) ?? EMPTY;
    for (const namespace of this.#view.audience()) {
      this.#workshop.want(namespace, { platform, own: floors.get(namespace) ?? EMPTY });
      const last = lastDistributed(this.#view.keptOf(namespace));
      if (last !== null) this.#workshop.restore(namespace, last);
      this.#offer(namespace);
    }
  }

  #offer(namespace: string): void {
    const { built, kind } = this.#chosen(namespace);
    const channel = kind === 'pinned' ? 'pinned' : 'newest';
    this.#offers.put(namespace, built === null ? null : { ...built, channel });
  }

  #chosen(namespace: string): ReturnType<typeof choose> {
    const built = this.#workshop.stateOf(namespace)?.built ?? null;
    const kept = this.#view.keptOf(namespace);
    return choose({ namespace, built, kept, pin: this.#view.pinOf(namespace) }, lastDistributed(kept));
  }

  async #write(): Promise<void> {
    if (!this.#options.leadership.isLeader) return;
    const standings = new Map<string, Standing>();
    for (const namespace of this.#view.audience()) {
      const { built } = this.#chosen(namespace);
      const [kept, pin] = [this.#view.keptOf(namespace), this.#view.pinOf(namespace)];
      await this.#writer.keep({ namespace, built, kept, pin });
      const standing = this.#judge(namespace);
      standings.set(namespace, standing);
      await this.#writer.tell(namespace, standing, this.#originOf(namespace));
    }
    for (const source of this.#view.sources()) await this.#annotate(source, standings);
  }

  #judge(namespace: string): Standing {
    const state = this.#workshop.stateOf(namespace);
    const targets = this.#view.targetsOf(namespace);
    const { built, kind } = this.#chosen(namespace);
    const [kept, pin] = [this.#view.keptOf(namespace), this.#view.pinOf(namespace)];
    const desired = {
      digest: built?.digest ?? null,
      isPending: state?.isPending ?? true,
      issues: [...(kind === 'missing' ? [pinIssue({ pin, kept })] : []), ...(state?.issues ?? [])],
    };
    return judgeStanding({ ...desired, targets }, this.#book);
  }

  #originOf(namespace: string): Origin {
    const wanted = this.#workshop.wantedBy(namespace);
    const isPending = this.#workshop.stateOf(namespace)?.isPending ?? true;
    const sources =
      wanted === null || isPending ? null : { platform: wanted.platform.hash, own: wanted.own.hash };
    return { channel: this.#chosen(namespace).kind, pin: this.#view.pinOf(namespace), sources };
  }

  /** The platform's reach every namespace, others their own. */
  async #annotate(source: ConfigMap, standings: ReadonlyMap<string, Standing>): Promise<void> {
    const { namespace = '' } = source.metadata;
    const own = standings.get(namespace);
    const reached =
      namespace === this.#options.platform ? [...standings.values()] : own === undefined ? [] : [own];
    if (reached.length > 0) await this.#writer.annotate(source, reached);
  }
}
