// A kubeconfig in; the cluster's own collector of what has lost its owner, running until it is disposed of, out.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { BIN } from './api-server.ts';

export function startGarbageCollector(kubeconfig: string): AsyncDisposable {
  const options = ['--controllers=garbage-collector-controller', '--leader-elect=false', '--secure-port=0'];
  const child = spawn(join(BIN, 'kube-controller-manager'), [`--kubeconfig=${kubeconfig}`, ...options], {
    stdio: 'ignore',
  });
  return {
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}
