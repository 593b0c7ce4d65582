// The texts of a streaming answer in; for each that was said before, where in its lane it stands, out.
import type { Part } from '../../../exchange/index.ts';
import type { DecodeFault, Delta } from '../codec.ts';

/** `piece`: texts go on where their lane ended; `whole`: they are all of it, or a value of its own, perhaps said again. */
export type Saying = 'piece' | 'whole';

interface Told {
  text: string;
  isCut: boolean;
  /** Texts that came whole -> where in the lane they stand. */
  readonly wholes: Map<string, number>;
}

/** Clients take the last they hear for the text: what is said again in other words was never judged in its place. */
export class ToldTexts {
  readonly #lanes = new Map<string, Told>();
  #fault: DecodeFault | null = null;

  get fault(): DecodeFault | null {
    return this.#fault;
  }

  place(part: Part, saying: Saying): Delta {
    if (part.text === '' || part.kind === 'tool_call' || !part.lane.includes('.')) return part;
    const told = this.#toldIn(part.lane);
    const again = saying === 'whole' ? findAgain(told, part.text) : undefined;
    if (again !== undefined) return { ...part, again };
    if (saying === 'piece') told.isCut = true;
    else if (told.isCut) this.#fault = { code: 'stream.said_otherwise' };
    else told.wholes.set(part.text, told.text.length);
    told.text += part.text;
    return part;
  }

  #toldIn(lane: string): Told {
    const known = this.#lanes.get(lane);
    if (known !== undefined) return known;
    const told = { text: '', isCut: false, wholes: new Map<string, number>() };
    this.#lanes.set(lane, told);
    return told;
  }
}

const findAgain = (told: Told, text: string): number | undefined =>
  told.isCut && told.text === text ? 0 : told.wholes.get(text);
