// Connections that a hosts file or the kernel has led here in; all of them to the reception out.
import type { Canary } from './canary.ts';
import type { Greet } from './listener.ts';
import type { OriginalDestination } from './original-destination.ts';
import { createReception, type House } from './reception.ts';

/** By the hosts file: nobody remembers where else a connection may have been meant to go. */
export const greetNamed =
  (house: House): Greet =>
  (room) => {
    const receive = createReception(house, room);
    return (socket) => receive(socket, { mode: 'hosts', tunnel: null, destination: null });
  };

/** By the kernel. */
export const greetRedirected =
  (house: House, destinationOf: OriginalDestination, canary: Canary): Greet =>
  (room) => {
    const receive = createReception(house, room);
    return (socket) => {
      const destination = destinationOf(socket);
      if (canary.answer(socket, destination)) return room.lead(socket);
      receive(socket, { mode: 'redirect', tunnel: null, destination });
    };
  };
