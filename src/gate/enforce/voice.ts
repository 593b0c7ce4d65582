// The lanes in which one voice speaks, one after the other, in; what they say together, seen in each of them, out.
import {
  GLUES,
  JoinedText,
  MARGIN,
  type Inspector,
  type Stretch,
  type TextFinding,
} from '../inspect/index.ts';
import type { TextLane } from './lane.ts';

interface Piece {
  readonly lane: TextLane;
  /** Where it begins in its lane. */
  from: number;
  text: string;
}

export class Voice {
  readonly #inspector: Inspector;
  #pieces: Piece[] = [];

  constructor(inspector: Inspector) {
    this.#inspector = inspector;
  }

  /** What a lane has just said. */
  append(lane: TextLane, text: string, start: number): void {
    const last = this.#pieces.at(-1);
    if (last?.lane === lane) last.text += text;
    else if (text !== '') this.#pieces.push({ lane, from: start, text });
  }

  /** After the lane itself has read it. Whether anything was seen that was not seen before. Cost: O(new + reach). */
  inspect(): boolean {
    const last = this.#pieces.at(-1);
    if (last === undefined) return false;
    const readings = this.#pieces.length < 2 ? [] : GLUES.map((glue) => this.#read(glue, last.lane));
    const open = Math.max(last.lane.openUnits, ...readings.map((reading) => reading.openUnits));
    if (readings.length > 0) this.#hold(open);
    this.#forget(Math.max(open, this.#inspector.reach + MARGIN));
    return readings.some(({ news }) => news);
  }

  /** Another one speaks: what this one said in a lane that has ended is not waited for any longer. */
  pause(): void {
    for (const { lane } of this.#pieces) if (lane.closed) lane.hold(0);
  }

  #hold(units: number): void {
    let left = units;
    for (const { lane, text } of this.#pieces.toReversed()) {
      lane.hold(Math.max(0, left));
      left -= text.length;
    }
  }

  #read(glue: string, { identity }: TextLane): { readonly news: boolean; readonly openUnits: number } {
    const joined = new JoinedText(this.#pieces.map(describe), glue, identity);
    const { findings, openEnd } = this.#inspector.readWindow(joined.text, joined.context);
    const { length } = joined.text;
    const growing = findings.filter(({ end }) => end === length).map(({ start }) => start);
    const news = findings.map((finding) => this.#remember(joined, finding));
    return { news: news.includes(true), openUnits: length - Math.min(openEnd, ...growing) };
  }

  #remember(joined: JoinedText, finding: TextFinding): boolean {
    const news = joined
      .place(finding)
      .map(({ part, start, end }) => this.#pieces[part]?.lane.remember({ ...finding, start, end }));
    return news.includes(true);
  }

  /** But for so many units at the end. */
  #forget(units: number): void {
    let left = units;
    const kept: Piece[] = [];
    for (const piece of this.#pieces.toReversed()) {
      if (left <= 0) break;
      const cut = Math.max(0, piece.text.length - left);
      left -= piece.text.length;
      kept.unshift({ ...piece, from: piece.from + cut, text: piece.text.slice(cut) });
    }
    this.#pieces = kept;
  }
}

const describe = ({ from, text }: Piece, part: number): Stretch => ({
  part,
  from,
  text,
  length: from + text.length,
});
