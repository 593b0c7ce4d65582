// A Lease that several want in; whether we are the one who holds it, out. Of all that want it never two believe that they do.
import { randomUUID } from 'node:crypto';
import { jitter, pause } from './backoff.ts';
import type { Client } from './client.ts';
import type { Answered } from './failure.ts';
import { chooseStep, holdLease, type Lease, LEASES, releaseLease, see, type SeenLease } from './lease.ts';
import type { ReflectLog } from './log.ts';
import { createObject, getObject, replaceObject, type Metadata } from './objects.ts';
import type { Owner } from './owner.ts';

export interface Leadership {
  /** Becomes false by itself, in time before another may take over, when the API server is no longer reached. */
  readonly isLeader: boolean;
  /** Where the one who holds it is reached; null while that is nobody, or ourselves, or not told. */
  readonly otherAddress: string | null;
  subscribe(listener: (isLeader: boolean) => void): () => void;
  /** Gives it up, so that another need not wait for it to run out. */
  close(): Promise<void>;
}

export interface LeaseTiming {
  readonly leaseMs: number;
  /** How long a leader goes on without having renewed it. Less than `leaseMs`. */
  readonly holdMs: number;
  readonly renewMs: number;
  readonly retryMs: number;
}

interface LeadOptions {
  readonly client: Client;
  /** Of the Lease, where we make it. */
  readonly owner: Owner;
  readonly namespace: string;
  readonly name: string;
  /** For people: the pod's name. It is made unique. */
  readonly identity: string;
  /** Where the holder is reached by the others, `host:port`; null to tell nobody. */
  readonly address?: string | null;
  readonly log: ReflectLog;
  readonly timing?: LeaseTiming;
  readonly now?: () => Date;
}

const ADDRESS = 'postern.dev/address';
const TIMING: LeaseTiming = { leaseMs: 15_000, holdMs: 10_000, renewMs: 5000, retryMs: 2000 };

/** Returns at once, leading nothing yet. */
export const lead = (options: LeadOptions): Leadership => new LeaseHolder(options);

class LeaseHolder implements Leadership {
  readonly #options: LeadOptions;
  readonly #client: Client;
  readonly #timing: LeaseTiming;
  readonly #identity: string;
  readonly #closing = new AbortController();
  readonly #listeners = new Set<(isLeader: boolean) => void>();
  readonly #running: Promise<void>;
  #seen: SeenLease | null = null;
  #leaderUntilMs = 0;
  #expiry: NodeJS.Timeout | undefined;
  #wasLeader = false;

  constructor(options: LeadOptions) {
    this.#options = options;
    this.#timing = options.timing ?? TIMING;
    this.#identity = `${options.identity}_${randomUUID()}`;
    const timeoutMs = this.#timing.holdMs / 4; // there is time for a second attempt
    this.#client = { ...options.client, ask: (request) => options.client.ask({ ...request, timeoutMs }) };
    this.#running = this.#run();
  }

  get isLeader(): boolean {
    return !this.#closing.signal.aborted && performance.now() < this.#leaderUntilMs;
  }

  get otherAddress(): string | null {
    const { metadata, spec } = this.#seen?.lease ?? {};
    const isAnother = ![undefined, '', this.#identity].includes(spec?.holderIdentity);
    return isAnother ? (metadata?.annotations?.[ADDRESS] ?? null) : null;
  }

  subscribe(listener: (isLeader: boolean) => void): () => void {
    const own = (isLeader: boolean): void => listener(isLeader);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  async close(): Promise<void> {
    const { isLeader } = this;
    this.#closing.abort();
    this.#tell();
    await this.#running;
    if (isLeader) await this.#release();
  }

  async #run(): Promise<void> {
    while (!this.#closing.signal.aborted) {
      const { renewMs, retryMs } = this.#timing;
      await pause((await this.#step()) ? renewMs : jitter(retryMs), this.#closing.signal);
    }
  }

  /** Whether we hold it now. */
  async #step(): Promise<boolean> {
    const begunMs = performance.now();
    const answer = await this.#hold(begunMs);
    if (!answer.ok) {
      if (!EXPECTED.has(answer.error.code)) this.#warn(answer.error.code);
      return false;
    }
    const { value } = answer;
    this.#seen = see(value, this.#seen, performance.now());
    const isOurs = value.spec?.holderIdentity === this.#identity;
    if (isOurs) this.#leadFrom(begunMs);
    return isOurs;
  }

  /** The lease as it is afterwards. */
  async #hold(nowMs: number): Promise<Answered<Lease>> {
    const { namespace, name, owner, now = () => new Date() } = this.#options;
    const found = await getObject<Lease>(this.#client, LEASES, { namespace, name });
    const holder = { identity: this.#identity, leaseMs: this.#timing.leaseMs, now: now() };
    if (!found.ok && found.error.code === 'not_found') {
      const metadata = { namespace, name, ...this.#annotated({}) };
      const lease = await owner.own<Lease>({ metadata, spec: holdLease({}, holder) });
      return createObject(this.#client, LEASES, lease);
    }
    if (!found.ok) return found;
    const seen = see(found.value, this.#seen, nowMs);
    if (chooseStep(seen, this.#identity, nowMs) === 'wait') return found;
    return this.#write(found.value, holdLease(found.value.spec, holder));
  }

  #annotated({ annotations = {} }: Partial<Metadata>): Pick<Metadata, 'annotations'> {
    const { [ADDRESS]: _before, ...others } = annotations;
    const { address = null } = this.#options;
    return { annotations: { ...others, ...(address === null ? {} : { [ADDRESS]: address }) } };
  }

  #write({ metadata }: Lease, spec: Lease['spec'] & object): Promise<Answered<Lease>> {
    const { resourceVersion = '' } = metadata;
    const written = { ...metadata, ...this.#annotated(metadata), resourceVersion };
    return replaceObject<Lease>(this.#client, LEASES, { metadata: written, spec });
  }

  /** Counted from before we asked, while others count from when they see it. */
  #leadFrom(begunMs: number): void {
    this.#leaderUntilMs = begunMs + this.#timing.holdMs;
    clearTimeout(this.#expiry);
    this.#expiry = setTimeout(() => this.#tell(), this.#leaderUntilMs - performance.now() + 1);
    this.#tell();
  }

  #tell(): void {
    const { isLeader } = this;
    if (!isLeader) clearTimeout(this.#expiry);
    if (isLeader === this.#wasLeader) return;
    this.#wasLeader = isLeader;
    this.#options.log.info(isLeader ? 'leads from now on' : 'leads no longer', { why: this.#options.name });
    for (const listener of this.#listeners) listener(isLeader);
  }

  async #release(): Promise<void> {
    const lease = this.#seen?.lease;
    if (lease?.spec === undefined) return;
    const { now = () => new Date() } = this.#options;
    const released = await this.#write(lease, releaseLease(lease.spec, now()));
    if (!released.ok) this.#warn(released.error.code);
  }

  #warn(code: string): void {
    this.#options.log.warn('the lease could not be held', { why: this.#options.name, code });
  }
}

/** Another was quicker. */
const EXPECTED: ReadonlySet<string> = new Set(['conflict', 'already_exists']);
