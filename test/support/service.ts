// Ports of replicas in; one port that leads to each of them in turn, as a Service does, out. Who cannot be reached is passed over.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

export class Service implements AsyncDisposable {
  readonly #server: Server;
  readonly #open = new Set<Socket>();
  #ports: readonly number[] = [];
  #turn = 0;

  private constructor() {
    this.#server = createServer((socket) => this.#lead(socket, this.#ports.length));
  }

  static async open(): Promise<Service> {
    const service = new Service();
    service.#server.listen(0, '127.0.0.1');
    await once(service.#server, 'listening');
    return service;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  leadTo(ports: readonly number[]): void {
    this.#ports = ports;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#open) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #lead(client: Socket, attempts: number): void {
    const port = this.#ports[(this.#turn += 1) % Math.max(1, this.#ports.length)];
    client.on('error', () => undefined);
    if (port === undefined || attempts === 0) return void client.destroy();
    const target = connect(port, '127.0.0.1');
    target.once('error', () => this.#lead(client, attempts - 1));
    target.once('connect', () => this.#join(client, target));
  }

  #join(client: Socket, target: Socket): void {
    target.removeAllListeners('error').on('error', () => undefined);
    for (const socket of [client, target]) {
      this.#open.add(socket);
      socket.once('close', () => {
        this.#open.delete(socket);
        for (const end of [client, target]) end.destroy();
      });
    }
    client.pipe(target).pipe(client);
  }
}
