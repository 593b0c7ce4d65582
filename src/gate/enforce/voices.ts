// What each lane says in; the voices that speak in them out, of which one may have its say in several lanes.
import type { Inspector } from '../inspect/index.ts';
import type { TextLane } from './lane.ts';
import { Voice } from './voice.ts';

export class Voices {
  readonly #inspector: Inspector;
  readonly #known = new Map<string, Voice>();
  /** Have spoken since they were read. */
  readonly #unread = new Set<Voice>();
  #speaking: Voice | null = null;

  constructor(inspector: Inspector) {
    this.#inspector = inspector;
  }

  speak(lane: TextLane, text: string, start: number): void {
    const voice = lane.voice === null ? null : this.#find(lane.voice);
    if (voice !== this.#speaking) this.#speaking?.pause();
    this.#speaking = voice;
    if (voice === null) return;
    voice.append(lane, text, start);
    this.#unread.add(voice);
  }

  /** After their lanes were read. Whether anything was seen that was not seen before. */
  inspect(): boolean {
    const news = [...this.#unread].map((voice) => voice.inspect());
    this.#unread.clear();
    return news.includes(true);
  }

  #find(name: string): Voice {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const voice = new Voice(this.#inspector);
    this.#known.set(name, voice);
    return voice;
  }
}
