// A configuration in; what its owner may not expect of how upstreams are reached said in the log.
import type { Config } from '../config/index.ts';
import { isReadableByAll } from '../gate/forward/index.ts';
import type { Log } from '../gate/record/index.ts';

export function logCaveats({ upstreams }: Config, log: Log): void {
  for (const { name, provider, isBound, credential, sign } of upstreams.values()) {
    // Where SDKs sign what they send, and nobody signs it anew.
    if (provider === 'bedrock' && isBound !== true)
      log.info('requests that their caller signed are refused where a policy would edit them', {
        upstream: name,
      });
    const file = credential?.file ?? sign?.credentialsFile;
    if (file !== undefined && isReadableByAll(file))
      log.warn('every user of this container may read the key', { upstream: name, file });
  }
}
