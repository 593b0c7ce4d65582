// What a pod said to this replica in; the status by which the one who leads has taken it out. The token is the pod's own: who leads asks about it anew.
import { once } from 'node:events';
import { request } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { RELAYED, type Spoken } from '../../cluster/distribute/index.ts';
import type { Leadership } from '../../cluster/reflect/index.ts';

export interface Relaying {
  readonly leadership: Pick<Leadership, 'isLeader' | 'otherAddress'>;
  /** PEM: whom the one who leads has to prove to be; null while nothing is known. */
  readonly trust: () => string | null;
  /** By what name its certificate is checked. */
  readonly serverName: string;
}

const TIMEOUT_MS = 5000;
const MOST_AT_ONCE = 64;
const UNAVAILABLE = 503;

/** Null where this replica leads. The status is 503 where nobody leads, or the one who does cannot be asked: the pod says it again. */
export function relayBy({
  leadership,
  trust,
  serverName,
}: Relaying): (spoken: Spoken) => Promise<number> | null {
  let underWay = 0;
  return (spoken) => {
    if (leadership.isLeader) return null;
    const [address, ca] = [leadership.otherAddress, trust()];
    const isPossible = address !== null && ca !== null && !spoken.isRelayed && underWay < MOST_AT_ONCE;
    return isPossible ? send(spoken, { address, ca }) : Promise.resolve(UNAVAILABLE);
  };

  async function send(spoken: Spoken, { address, ca }: { address: string; ca: string }): Promise<number> {
    underWay += 1;
    try {
      return await post(new URL('/v1/acknowledgements', `https://${address}`), spoken, { ca, serverName });
    } catch {
      return UNAVAILABLE;
    } finally {
      underWay -= 1;
    }
  }
}

interface Trust {
  readonly ca: string;
  readonly serverName: string;
}

/** @throws Error when there is no answer. */
async function post(url: URL, { token, text }: Spoken, { ca, serverName }: Trust): Promise<number> {
  const sending = request(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', [RELAYED]: '1' },
    ca,
    servername: serverName,
    minVersion: 'TLSv1.2',
    agent: false,
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  sending.end(text);
  const [answer] = (await once(sending, 'response')) as [IncomingMessage];
  answer.resume();
  return answer.statusCode ?? UNAVAILABLE;
}
