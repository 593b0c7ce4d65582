// Fragments of tool calls that arrive in a stream in; each call whole, once its lane closes, out.
import type { Part } from '../../../exchange/index.ts';
import type { DecodeFault } from '../codec.ts';
import { describeCall } from './call.ts';
import type { Place } from './place.ts';

const ARGUMENTS_BYTES = 1_048_576;

interface OpenCall {
  readonly place: Place;
  readonly fragments: string[];
}

export class OpenCalls {
  readonly #calls = new Map<string, OpenCall>();
  #bytes = 0;
  #fault: DecodeFault | null = null;

  get isEmpty(): boolean {
    return this.#calls.size === 0;
  }

  get fault(): DecodeFault | null {
    return this.#fault;
  }

  /** `place.lane` tells calls apart; its name may come with any fragment, but never be another. */
  add(place: Place, fragment: string): void {
    const call = this.#calls.get(place.lane);
    const fragments = call?.fragments ?? [];
    fragments.push(fragment);
    this.#bytes += Buffer.byteLength(fragment);
    if (this.#bytes > ARGUMENTS_BYTES) this.#fault = { code: 'stream.arguments_bytes' };
    const known = call?.place.name;
    // Some SDKs take the last name, others join them all.
    if (known !== undefined && place.name !== undefined && known !== place.name)
      this.#fault = { code: 'stream.tool_name' };
    if (call === undefined || known === undefined) this.#calls.set(place.lane, { place, fragments });
  }

  /** Every call whose lane begins so. */
  close(prefix: string): Part[] {
    const closed = [...this.#calls].filter(([lane]) => `${lane}.`.startsWith(prefix));
    return closed.map(([lane, { place, fragments }]) => {
      this.#calls.delete(lane);
      return describeCall(fragments.join(''), place);
    });
  }
}
