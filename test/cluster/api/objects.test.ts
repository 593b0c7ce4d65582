// Small changes to a real API server, and every way in which it says no.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type Answered,
  applyObject,
  type Client,
  CONFIG_MAPS,
  createObject,
  deleteObject,
  getObject,
  type KubeObject,
  openClient,
  replaceObject,
  SECRETS,
} from '../../../src/cluster/reflect/index.ts';
import { ApiServer, canStartApiServer } from '../../support/api-server.ts';

interface Note extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}

const namespace = 'default';
const noteOf = (name: string, data: Note['data'] = {}): Note => ({ metadata: { namespace, name }, data });

function valueOf<T>(answer: Answered<T>): T {
  if (!answer.ok) throw new Error(`${answer.error.code}: ${answer.error.message}`);
  return answer.value;
}

(canStartApiServer ? describe : describe.skip)('an object of a real API server', () => {
  let api: ApiServer;
  let client: Client;

  beforeAll(async () => {
    api = await ApiServer.start();
    client = await openClient({ kubeconfig: api.kubeconfig });
  });
  afterAll(async () => {
    await client[Symbol.asyncDispose]();
    await api[Symbol.asyncDispose]();
  });

  it('is made once', async () => {
    const made = valueOf(await createObject(client, CONFIG_MAPS, noteOf('once', { a: '1' })));
    expect(made).toMatchObject({ kind: 'ConfigMap', metadata: { name: 'once' }, data: { a: '1' } });
    const again = await createObject(client, CONFIG_MAPS, noteOf('once', { a: '2' }));
    expect(again).toMatchObject({ ok: false, error: { code: 'already_exists' } });
    expect(valueOf(await getObject<Note>(client, CONFIG_MAPS, made.metadata)).data).toEqual({ a: '1' });
  });

  it('is replaced only by whom has seen it last', async () => {
    const first = valueOf(await createObject(client, CONFIG_MAPS, noteOf('turns', { a: '1' })));
    const { resourceVersion = '' } = first.metadata;
    const seen = { metadata: { namespace, name: 'turns', resourceVersion } };
    const [one, other] = await Promise.all(
      ['2', '3'].map((a) => replaceObject<Note>(client, CONFIG_MAPS, { ...seen, data: { a } })),
    );
    const codes = [one, other].map((answer) => (answer?.ok === false ? answer.error.code : 'ok'));
    expect(codes.sort()).toEqual(['conflict', 'ok']);
  });

  it('keeps what others wrote into it when our fields are applied, and loses ours that we leave out', async () => {
    await api.kubectl('-n', namespace, 'create', 'configmap', 'shared', '--from-literal=theirs=1');
    valueOf(await applyObject(client, CONFIG_MAPS, noteOf('shared', { ours: '1', more: '1' })));
    const applied = valueOf(await applyObject(client, CONFIG_MAPS, noteOf('shared', { ours: '2' })));
    expect(applied.data).toEqual({ theirs: '1', ours: '2' });
  });

  it('is deleted, and only the very one that is meant', async () => {
    const made = valueOf(await createObject(client, CONFIG_MAPS, noteOf('short')));
    const other = { ...made.metadata, uid: '00000000-0000-0000-0000-000000000000' };
    expect(await deleteObject(client, CONFIG_MAPS, other)).toMatchObject({ error: { code: 'conflict' } });
    expect(await deleteObject(client, CONFIG_MAPS, made.metadata)).toEqual({ ok: true, value: undefined });
    for (const answer of [
      await deleteObject(client, CONFIG_MAPS, made.metadata),
      await getObject(client, CONFIG_MAPS, made.metadata),
    ]) {
      expect(answer).toMatchObject({ ok: false, error: { code: 'not_found' } });
    }
  });

  it.each([
    ['a name that none may have', { metadata: { namespace, name: 'No Name' } }, 'invalid'],
    ['a namespace that is not there', { metadata: { namespace: 'nowhere', name: 'a' } }, 'not_found'],
    ['fields of another kind', { metadata: { namespace, name: 'a' }, data: 'text' }, 'refused'],
  ])('is not made of %s', async (...[, object, code]) => {
    expect(await createObject(client, SECRETS, object)).toMatchObject({ ok: false, error: { code } });
  });

  it('is not reached where nobody listens', async () => {
    const lost = await openClient({ kubeconfig: await api.kubeconfigVia(1) });
    const answer = await getObject(lost, CONFIG_MAPS, { namespace, name: 'a' });
    expect(answer).toEqual({ ok: false, error: { code: 'unreachable', message: 'ECONNREFUSED' } });
    await lost[Symbol.asyncDispose]();
  });
});
