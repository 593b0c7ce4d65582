// Connections that were meant for somebody else in; judged, passed on untouched or refused, as their first words say, out.
import type { Socket } from 'node:net';
import type { Authority, Entrance, InterceptionMode } from '../../exchange/index.ts';
import { chooseWay, type Claims, type Way, type WayRules, type Why } from './choose-way.ts';
import { readClientHello, type ClientHello } from './client-hello.ts';
import type { HttpVersion } from './http.ts';
import type { Keeper } from './line.ts';
import type { Room } from './listener.ts';
import { dial, findAddresses, join, type PassRules } from './pass-through.ts';
import { readPlainHost } from './plain-host.ts';
import { peek, tellProtocol, type Tell } from './protocol.ts';
import { refusePlain, refuseTls } from './refuse-connection.ts';
import { createTls, type Certificate, type TakeTls } from './tls.ts';

/** How a connection came, and who has said where it goes. */
export interface Arrived extends Pick<Claims, 'tunnel' | 'destination'> {
  readonly mode: Exclude<InterceptionMode, 'env'>;
}

export interface Noted {
  readonly mode: InterceptionMode;
  readonly way: Way['kind'];
  readonly why: Why | null;
  /** Of those that say one. */
  readonly host: string | null;
}

export interface House {
  readonly wayRules: WayRules;
  readonly passRules: PassRules;
  /** For TLS with a host under policy. */
  certify(this: void, host: string): Promise<Certificate>;
  keep(this: void, entrance: Entrance): Keeper;
  note(this: void, noted: Noted): void;
}

export type Receive = (socket: Socket, arrived: Arrived) => void;

/** Long enough for what clients send, and no longer. */
const tellHello: Tell<ClientHello> = (seen) => {
  const hello = readClientHello(seen);
  return hello.kind === 'incomplete' ? null : hello;
};

export function createReception(house: House, room: Room): Receive {
  const desk = new Desk(house, room);
  return (socket, arrived) =>
    peek(socket, tellProtocol, (protocol) => {
      if (protocol === 'tls') peek(socket, tellHello, (hello) => desk.takeTls(socket, arrived, hello));
      else if (protocol === 'http2') desk.take(socket, { ...arrived, name: null, defaultPort: 80 }, 'http2');
      else peek(socket, readPlainHost, (told) => desk.takePlain(socket, arrived, told));
    });
}

type Asked = Arrived & Claims;

class Desk {
  readonly #house: House;
  readonly #room: Room;
  readonly #keepers = new Map<string, Keeper>();
  readonly #ends = new Map<string, { readonly certificate: Certificate; readonly take: TakeTls }>();

  constructor(house: House, room: Room) {
    this.#house = house;
    this.#room = room;
  }

  takeTls(socket: Socket, arrived: Arrived, hello: ClientHello): void {
    if (hello.kind !== 'hello') return this.#refuse(socket, { mode: arrived.mode, why: 'unreadable' });
    this.take(socket, { ...arrived, name: hello.serverName, defaultPort: 443 }, 'tls');
  }

  takePlain(socket: Socket, arrived: Arrived, told: NonNullable<ReturnType<typeof readPlainHost>>): void {
    if (told.kind === 'host')
      return this.take(socket, { ...arrived, name: told.host, defaultPort: 80 }, 'http1');
    this.#refuse(socket, { mode: arrived.mode, why: 'unreadable' });
  }

  take(socket: Socket, asked: Asked, protocol: HttpVersion | 'tls'): void {
    const way = chooseWay(asked, this.#house.wayRules);
    const { mode, name } = asked;
    if (way.kind === 'refuse') return this.#refuse(socket, { mode, why: way.why, host: name });
    if (way.kind === 'pass') return void this.#pass(socket, way, asked);
    this.#house.note({ mode, way: 'judge', why: null, host: way.to.host });
    if (protocol === 'tls') void this.#endTls(socket, mode, way.to);
    else this.#room.http(socket, protocol, this.#keeperOf(mode, way.to));
  }

  async #endTls(socket: Socket, mode: Arrived['mode'], to: Authority): Promise<void> {
    try {
      const certificate = await this.#house.certify(to.host);
      const key = `${to.host} ${String(to.port)}`;
      const known = this.#ends.get(key);
      const end = known?.certificate === certificate ? known : this.#openEnd(key, mode, { certificate, to });
      this.#room.lead(socket);
      end.take(socket);
    } catch {
      this.#refuse(socket, { mode, why: 'unreadable', host: to.host });
    }
  }

  #openEnd(
    key: string,
    mode: Arrived['mode'],
    { certificate, to }: { readonly certificate: Certificate; readonly to: Authority },
  ) {
    const keeper = this.#keeperOf(mode, to);
    const take = createTls(certificate, (secure, version) => this.#room.http(secure, version, keeper));
    const end = { certificate, take };
    this.#ends.set(key, end);
    return end;
  }

  /** One for each host: it is what tells requests of different hosts apart. */
  #keeperOf(mode: Arrived['mode'], to: Authority): Keeper {
    const key = `${to.host} ${String(to.port)}`;
    const keeper = this.#keepers.get(key) ?? this.#house.keep({ mode, ...to });
    this.#keepers.set(key, keeper);
    return keeper;
  }

  async #pass(socket: Socket, way: Extract<Way, { kind: 'pass' }>, { mode, name }: Asked): Promise<void> {
    try {
      const addresses = await findAddresses(way, this.#house.passRules);
      const peer = await dial(addresses, way.to.port);
      if (socket.destroyed) return void peer.destroy();
      this.#house.note({ mode, way: 'pass', why: null, host: name });
      this.#room.lead(socket);
      join(socket, peer);
    } catch {
      this.#refuse(socket, { mode, why: 'address', host: name });
    }
  }

  #refuse(
    socket: Socket,
    { mode, why, host = null }: Pick<Noted, 'mode' | 'why'> & Partial<Pick<Noted, 'host'>>,
  ): void {
    this.#house.note({ mode, way: 'refuse', why, host });
    this.#room.lead(socket);
    peek(socket, tellProtocol, (protocol) => (protocol === 'tls' ? refuseTls : refusePlain)(socket, why));
  }
}
