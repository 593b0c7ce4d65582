// A projected token in; the pod that it was given to, if that has a sidecar of ours, out.
import { readClaims, type Authenticate, type Look } from '../../cluster/distribute/index.ts';
import type { Client } from '../../cluster/reflect/index.ts';
import type { Namespaces } from '../namespaces.ts';

type Identity = Awaited<ReturnType<Authenticate>>;

const AUDIENCE = 'postern';
const POD_NAME = 'authentication.kubernetes.io/pod-name';
const POD_UID = 'authentication.kubernetes.io/pod-uid';
const ACCOUNT = /^system:serviceaccount:([^:]+):[^:]+$/;

interface ReviewStatus {
  readonly authenticated?: boolean;
  readonly audiences?: readonly string[];
  readonly user?: {
    readonly username?: string;
    readonly extra?: Readonly<Record<string, readonly string[] | undefined>>;
  };
}

/** @throws Error when the API server cannot say. */
export const authenticateBy =
  (client: Client, namespaces: Pick<Namespaces, 'findPod'>): Authenticate =>
  async (token) => {
    const status = await review(client, token);
    if (status.authenticated !== true || status.audiences?.includes(AUDIENCE) !== true)
      return { kind: 'refused', status: 401 };
    return identify(status, namespaces);
  };

async function review(client: Client, token: string): Promise<ReviewStatus> {
  const answer = await client.ask({
    method: 'POST',
    path: '/apis/authentication.k8s.io/v1/tokenreviews',
    body: {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenReview',
      spec: { token, audiences: [AUDIENCE] },
    },
  });
  if (!answer.ok) throw new Error(answer.error.code);
  return (answer.value as { readonly status?: ReviewStatus }).status ?? {};
}

/** A token outlives its pod by minutes, and a name is given again: only the uid of a pod that is there counts. */
function identify({ user = {} }: ReviewStatus, namespaces: Pick<Namespaces, 'findPod'>): Identity {
  const [, namespace = ''] = ACCOUNT.exec(user.username ?? '') ?? [];
  const [pod = '', podUid = ''] = [POD_NAME, POD_UID].map((key) => user.extra?.[key]?.[0]);
  const found = namespaces.findPod(namespace, pod);
  return found?.podUid === podUid ? { kind: 'pod', namespace, ...found } : { kind: 'refused', status: 403 };
}

/** Anybody can write such a token, but only of a pod that is there, and for each pod few are asked about at once. */
export const lookBy =
  (namespaces: Pick<Namespaces, 'findPod'>): Look =>
  (token) => {
    const claims = readClaims(token, AUDIENCE);
    if (claims === null) return { kind: 'refused', status: 401 };
    const found = namespaces.findPod(claims.namespace, claims.pod);
    return found?.podUid === claims.podUid
      ? { kind: 'ask', by: claims.podUid }
      : { kind: 'refused', status: 403 };
  };
