// What the admission policies hold by themselves: the webhook is gone, and pods come with sidecars that somebody wrote.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { canStartApiServer } from '../../support/api-server.ts';
import { canRender } from '../../support/helm.ts';
import { refusalOf, SecondLock } from '../../support/second-lock.ts';

(canStartApiServer && canRender ? describe : describe.skip)('the second lock', () => {
  let lock: SecondLock;
  beforeAll(async () => {
    lock = await SecondLock.start();
    await lock.create(lock.injected('app'), 'in');
  });
  afterAll(() => lock[Symbol.asyncDispose]());

  describe('a running pod', () => {
    it.each(['postern', 'postern-init'])('keeps the image of %s', async (name) => {
      const changed = refusalOf(lock.api.kubectl('set', 'image', 'pod/app', `${name}=evil:1`, '-n', 'in'));
      expect(await changed).toMatch(/images of Postern's containers stay as they are/);
    });

    it('may have another image of its application', async () => {
      expect(await refusalOf(lock.api.kubectl('set', 'image', 'pod/app', 'app=app:2', '-n', 'in'))).toBe(
        'allowed',
      );
    });
  });
});
