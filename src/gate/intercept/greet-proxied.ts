// Connections of clients that take us for their proxy in; tunnels to the reception, plain requests to whoever judges their host, out.
import type { Socket } from 'node:net';
import { PosternError, type Authority, type FailureCode } from '../../exchange/index.ts';
import { parseAuthority } from '../../lib/host.ts';
import { chooseWay, type Way, type Why } from './choose-way.ts';
import { forwardPlain } from './forward-plain.ts';
import type { Handle, Keeper } from './line.ts';
import type { Greet } from './listener.ts';
import { peek, tellProtocol } from './protocol.ts';
import { createReception, type House, type Receive } from './reception.ts';
import { refusePlain } from './refuse-connection.ts';
import type { Arrival } from './reply.ts';

const MODE = 'proxy';

export const greetProxied =
  (house: House): Greet =>
  (room) => {
    const keeper = keepProxied(house, createReception(house, room));
    return (socket) =>
      peek(socket, tellProtocol, (protocol) =>
        room.http(socket, protocol === 'tls' ? 'http1' : protocol, keeper),
      );
  };

function keepProxied(house: House, receive: Receive): Keeper {
  return {
    handle: handleAbsolute(house),
    tunnel: (target, socket) => openTunnel(target, socket, { house, receive }),
  };
}

interface Line {
  readonly house: House;
  readonly receive: Receive;
}

/** The answer goes out before anybody knows what will be said: what TLS names has to be what was asked for here. */
function openTunnel(target: string, socket: Socket, { house, receive }: Line): void {
  const tunnel = parseAuthority(target, 0);
  const why = refusalOf(tunnel, house);
  if (tunnel === null || why !== null) {
    house.note({ mode: MODE, way: 'refuse', why, host: tunnel?.host ?? null });
    return refusePlain(socket, why);
  }
  socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
  receive(socket, { mode: MODE, tunnel, destination: null });
}

function refusalOf(tunnel: Authority | null, { wayRules }: House): Why | null {
  if (tunnel === null) return 'unreadable';
  const way = chooseWay({ tunnel, destination: null, name: null, defaultPort: tunnel.port }, wayRules);
  return way.kind === 'refuse' ? way.why : null;
}

const ABSOLUTE = /^http:\/\/([^/?#]+)(\/[!-~]*)?$/i;

/** Each request says anew where it goes. */
function handleAbsolute(house: House): Handle {
  const nobody = house.keep({ mode: MODE, host: '', port: 0 });
  return (arrival, reply, fault) => {
    const asked = readTarget(arrival);
    if (asked === null) return nobody.handle(arrival, reply, fault ?? NOT_ABSOLUTE);
    const keeper = house.keep({ mode: MODE, ...asked.to });
    if (fault !== null) return keeper.handle(arrival, reply, fault);
    const refuse = (code: FailureCode): void => keeper.handle(arrival, reply, new PosternError(code));
    const way = wayOf(asked, house);
    if (way.kind === 'refuse') return refuse('POSTERN_E_FORBIDDEN_HOST');
    if (way.kind === 'pass') return void forwardPlain({ arrival, reply }, { ...asked, way, house }, refuse);
    arrival.url = asked.path;
    keeper.handle(arrival, reply, null);
  };
}

/** One that passes is counted when it does. */
function wayOf({ to }: Target, { wayRules, note }: House): Way {
  const way = chooseWay({ tunnel: to, destination: null, name: null, defaultPort: 80 }, wayRules);
  if (way.kind !== 'pass')
    note({ mode: MODE, way: way.kind, why: way.kind === 'refuse' ? way.why : null, host: to.host });
  return way;
}

const NOT_ABSOLUTE = new PosternError(
  'POSTERN_E_BAD_REQUEST',
  'This port is a proxy: ask for http://host/path, or CONNECT.',
);

interface Target {
  readonly to: Authority;
  readonly path: string;
}

/** Null for anything but a whole address of plain HTTP. */
function readTarget({ url = '' }: Arrival): Target | null {
  const [, authority = '', path = '/'] = ABSOLUTE.exec(url) ?? [];
  const to = parseAuthority(authority, 80);
  return to === null ? null : { to, path };
}
