// Fragments of tool calls that arrive in a stream in; each call whole, once its lane closes, out.
import type { Part } from '../../../exchange/index.ts';
import type { DecodeFault } from '../codec.ts';
import { describeCall } from './call.ts';
import type { Place } from './place.ts';

const ARGUMENTS_BYTES = 1_048_576;

interface ToldCall {
  readonly name: string | undefined;
  readonly text: string;
}

interface OpenCall {
  readonly place: Place;
  readonly fragments: string[];
}

export class OpenCalls {
  readonly #calls = new Map<string, OpenCall>();
  /** Calls that ended: they can be told again, but not otherwise. */
  readonly #told = new Map<string, ToldCall>();
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

  /** A call that may have been told before: then it must be the same. */
  addWhole(place: Place, whole: string): void {
    const told = this.#told.get(place.lane);
    if (told !== undefined) return this.#compare(told, { name: place.name ?? told.name, text: whole });
    const said = this.#calls.get(place.lane)?.fragments.join('') ?? '';
    if (said !== '') this.#compare({ name: place.name, text: said }, { name: place.name, text: whole });
    this.add(place, said === '' ? whole : '');
  }

  #compare(told: ToldCall, { name, text }: ToldCall): void {
    if (told.name !== name || told.text !== text) this.#fault = { code: 'stream.said_otherwise' };
  }

  /** Every call whose lane begins so. */
  close(prefix: string): Part[] {
    const closed = [...this.#calls].filter(([lane]) => `${lane}.`.startsWith(prefix));
    return closed.map(([lane, { place, fragments }]) => {
      const text = fragments.join('');
      this.#calls.delete(lane);
      this.#told.set(lane, { name: place.name, text });
      return describeCall(text, place);
    });
  }
}
