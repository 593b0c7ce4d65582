// A port in; a line to it that passes everything on out, until it is told to cut, to stall, to garble or to refuse.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

export class BadLine implements AsyncDisposable {
  /** How often anybody came. */
  connections = 0;
  /** New connections are cut as soon as they are made. */
  isRefusing = false;
  /** New connections are taken, and go nowhere. */
  isDead = false;
  readonly #target: number;
  readonly #server: Server;
  readonly #pairs = new Set<readonly [client: Socket, target: Socket]>();
  #isGarbling = false;

  private constructor(target: number) {
    this.#target = target;
    this.#server = createServer((socket) => this.#join(socket));
  }

  static async to(port: number): Promise<BadLine> {
    const line = new BadLine(port);
    line.#server.listen(0, '127.0.0.1');
    await once(line.#server, 'listening');
    return line;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Every connection there is. */
  cut(): void {
    for (const pair of this.#pairs) for (const socket of pair) socket.destroy();
  }

  /** From now on nothing arrives on the connections there are, and nobody is told. New ones are good. */
  stall(): void {
    for (const [client, target] of this.#pairs) {
      client.pause().removeAllListeners('data');
      target.pause().removeAllListeners('data');
    }
  }

  /** The next piece from the server arrives damaged. */
  garble(): void {
    this.#isGarbling = true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #join(client: Socket): void {
    this.connections += 1;
    if (this.isRefusing) {
      client.destroy();
      return;
    }
    const target = connect(this.#target, '127.0.0.1');
    const pair = [client, target] as const;
    this.#pairs.add(pair);
    for (const socket of pair) {
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.#pairs.delete(pair);
        for (const end of pair) end.destroy();
      });
    }
    if (this.isDead) return;
    client.on('data', (piece) => target.write(piece));
    target.on('data', (piece) => client.write(this.#damage(piece)));
  }

  #damage(piece: Buffer): Buffer {
    if (!this.#isGarbling) return piece;
    this.#isGarbling = false;
    return Buffer.from(piece.map((byte, index) => (index % 7 === 6 ? byte ^ 0x15 : byte)));
  }
}
