// A namespace of an installation, and the sidecars of its pods: what they are told to refuse, and what they answer.
import { startLlm, type LlmServer } from '../../src/demo/llm/index.ts';
import { runCommand, type CliRun } from './cli.ts';
import { startEnrolled } from './enrolled.ts';
import { Installation } from './installation.ts';
import type { Postern } from './postern.ts';
import { until } from './until.ts';

const TEAM = 'team';
const INJECTED = 'postern.dev/inject=enabled';

interface Opening {
  /** Names of pods, whose sidecars are started. */
  readonly pods?: readonly string[];
  /** Names of namespaces beside it, and their labels. */
  readonly beside?: ReadonlyArray<readonly [string, ...string[]]>;
  readonly replicas?: number;
  readonly keys?: Readonly<Record<string, string>>;
  /** What there is before the first pod. */
  readonly objects?: readonly object[];
}

export class Team implements AsyncDisposable {
  readonly home: Installation;
  readonly llm: LlmServer;
  readonly posterns: Postern[] = [];

  private constructor(home: Installation, llm: LlmServer) {
    [this.home, this.llm] = [home, llm];
  }

  static async open({ pods = ['app'], beside = [], objects = [], ...rest }: Opening = {}): Promise<Team> {
    const home = await Installation.start([[TEAM, INJECTED], ...beside], rest);
    const team = new Team(home, await startLlm());
    try {
      for (const object of objects) await home.apply(object);
      for (const name of pods) team.posterns.push(await team.enroll({ name }));
    } catch (error) {
      await team[Symbol.asyncDispose]();
      throw error;
    }
    return team;
  }

  /** One more; whoever starts it ends it. */
  enroll(how: Omit<Parameters<typeof startEnrolled>[1], 'namespace' | 'llm'>): Promise<Postern> {
    return startEnrolled(this.home, { namespace: TEAM, llm: this.llm, ...how });
  }

  /** Of its first pod. */
  get postern(): Postern {
    const [first] = this.posterns;
    if (first === undefined) throw new Error('no pod has a sidecar');
    return first;
  }

  /** The status of an answer to a question for this model. */
  async ask(model: string, { url } = this.postern): Promise<number> {
    const answer = await fetch(`${url}/openai/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer k' },
      body: JSON.stringify({ model, messages: [{ role: 'user', content: 'hi' }] }),
    });
    await answer.arrayBuffer();
    return answer.status;
  }

  askAll(model: string): Promise<readonly number[]> {
    return Promise.all(this.posterns.map((each) => this.ask(model, each)));
  }

  /** Until every pod answers so. */
  async answers(model: string, status: number): Promise<void> {
    await until(`${model} answered ${String(status)}`, async () =>
      (await this.askAll(model)).every((each) => each === status),
    );
  }

  annotate(...annotations: readonly string[]): Promise<string> {
    return this.home.api.kubectl('annotate', '--overwrite', 'namespace', TEAM, ...annotations);
  }

  policy(...words: readonly string[]): Promise<CliRun> {
    return runCommand('policy', ...words, '--kubeconfig', this.home.api.kubeconfig);
  }

  /** What the controller tells of its policies. */
  async status<T>(): Promise<T> {
    const path = 'jsonpath={.data.status\\.json}';
    const read = ['get', 'configmap', 'postern-policy-status', '-n', TEAM, '-o', path];
    return JSON.parse(await this.home.api.kubectl(...read)) as T;
  }

  /** The annotation of one of its ConfigMaps, or of another namespace's; empty before there is one. */
  async annotationOf(name: string, namespace = TEAM): Promise<string> {
    const path = 'jsonpath={.metadata.annotations.postern\\.dev/policy-status}';
    return this.home.api.kubectl('get', 'configmap', name, '-n', namespace, '-o', path);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const each of this.posterns) await each[Symbol.asyncDispose]();
    await this.llm.close();
    await this.home[Symbol.asyncDispose]();
  }
}

/** A policy that refuses one model. */
export const denies = (model: string): string =>
  `package postern.policies.own.models\n\ndeny contains "No." if input.model == "${model}"\n`;

export const policies = (rego: string, { name = 'own', annotations = {} } = {}): object => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: TEAM, labels: { 'postern.dev/policy': 'rego' }, annotations },
  data: { 'own.rego': rego },
});
