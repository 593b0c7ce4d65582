// What commands ask a cluster for. Loads the client of Kubernetes: to be imported only where one is spoken to.
import {
  getObject,
  listObjects,
  mirror,
  openClient,
  pathOf,
  type Answered,
  type ApiFailure,
  type ApiRequest,
  type Client,
  type KubeObject,
  type Mirror,
  type Resource,
} from '../../cluster/reflect/index.ts';
import { ok } from '../../lib/result.ts';
import { NAMESPACES } from './resources.ts';

/** The API server did not do what was asked of it. */
export class ClusterError extends Error {
  readonly failure: ApiFailure;

  constructor(what: string, failure: ApiFailure) {
    super(`${what}: ${failure.code}: ${failure.message}`);
    this.failure = failure;
  }
}

interface Place {
  readonly namespace?: string | undefined;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

export class Cluster implements AsyncDisposable {
  readonly namespace: string;
  readonly #client: Client;

  private constructor(client: Client) {
    this.#client = client;
    this.namespace = client.namespace;
  }

  /** @throws Error when there is none to speak to. */
  static async open(options: Parameters<typeof openClient>[0]): Promise<Cluster> {
    return new Cluster(await openClient(options));
  }

  ask(request: ApiRequest): Promise<Answered<unknown>> {
    return this.#client.ask(request);
  }

  /** Null where there is none. @throws ClusterError */
  async get<T extends KubeObject>(resource: Resource, name: string, namespace?: string): Promise<T | null> {
    const answer = await this.tryGet<T>(resource, { name, namespace });
    if (answer.ok) return answer.value;
    if (answer.error.code === 'not_found') return null;
    throw new ClusterError(`${resource.kind} ${name}`, answer.error);
  }

  tryGet<T extends KubeObject>(
    resource: Resource,
    place: { readonly name: string; readonly namespace?: string | undefined },
  ): Promise<Answered<T>> {
    return getObject<T>(this.#client, resource, place);
  }

  /** @throws ClusterError */
  async list<T extends KubeObject>(resource: Resource, place: Place = {}): Promise<readonly T[]> {
    const listed = await this.tryList<T>(resource, place);
    if (!listed.ok) throw new ClusterError(resource.plural, listed.error);
    return listed.value;
  }

  async tryList<T extends KubeObject>(
    resource: Resource,
    { namespace, ...which }: Place = {},
  ): Promise<Answered<readonly T[]>> {
    const listed = await listObjects<T>(this.#client, { path: pathOf(resource, { namespace }), ...which });
    return listed.ok ? ok(listed.value.items) : listed;
  }

  mirror<T extends KubeObject>(resource: Resource, { namespace, ...which }: Place): Mirror<T> {
    const log = { info: ignore, warn: ignore };
    return mirror<T>({ client: this.#client, log, path: pathOf(resource, { namespace }), ...which });
  }

  /** Null takes an annotation away. @throws ClusterError */
  async annotate(
    namespace: string,
    annotations: Readonly<Record<string, string | null>>,
    { isDryRun }: { readonly isDryRun: boolean },
  ): Promise<void> {
    const answer = await this.#client.ask({
      method: 'PATCH',
      path: pathOf(NAMESPACES, { name: namespace }),
      query: { fieldManager: 'postern-cli', ...(isDryRun && { dryRun: 'All' }) },
      contentType: 'application/merge-patch+json',
      body: { metadata: { annotations } },
    });
    if (!answer.ok) throw new ClusterError(`Namespace ${namespace}`, answer.error);
  }

  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.#client[Symbol.asyncDispose]();
  }
}

const ignore = (): void => undefined;
