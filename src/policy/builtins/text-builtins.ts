// What policies may ask the host, by name: which text to look in, what for, and everywhere it stands in that text out.
import { PosternError } from '../../exchange/index.ts';
import {
  createExpressionSearch,
  createLiteralSearch,
  type ExpressionSearch,
  type LiteralSearch,
} from '../../gate/inspect/index.ts';
import { ok, type Result } from '../../lib/result.ts';
import { Reading } from './reading.ts';
import { Shelf } from './shelf.ts';
import type { FindText, Texts } from './text-source.ts';

type Find = (text: string, reading: Reading) => readonly object[];

interface Question {
  /** What it is looked for with, for complaints. */
  readonly subject: string;
  /** What it costs to make it, for each character of what is looked for, in the worst case. */
  readonly price: number;
  prepare(this: void, wanted: unknown, key: string): Result<Find, string>;
}

const MOST_MATCHES = 1_000;
/** In cells of four bytes, and in bytes: some ninety expressions. */
const KEPT_CELLS = 1_000_000;
const KEPT_BYTES = 48 * 1024 * 1024;
/** What it costs to make any search, however short. */
const MAKING = 2_000;
/** Of what is looked for, which is looked up each time. */
const CHARACTERS_A_UNIT = 16;

export class TextBuiltins {
  readonly #literals = new Shelf<LiteralSearch>(KEPT_CELLS);
  readonly #expressions = new Shelf<ExpressionSearch>(KEPT_BYTES);
  readonly #questions: Readonly<Record<string, Question>> = {
    'postern.contains_any': {
      subject: 'the literals',
      price: 10,
      prepare: (wanted, key) => this.#prepareLiterals(wanted, key),
    },
    'postern.matches': {
      subject: 'the expression',
      price: 100,
      prepare: (wanted, key) => this.#prepareExpression(wanted, key),
    },
  };
  readonly #findText: FindText;
  #texts: Texts | null = null;
  #reading: Reading | null = null;

  constructor(findText: FindText) {
    this.#findText = findText;
  }

  /** By name, as opa-wasm wants them; to be called only while texts are served. */
  readonly functions = Object.fromEntries(
    Object.keys(this.#questions).map((name) => [
      name,
      (part: unknown, wanted: unknown) => this.#answer(name, part, wanted),
    ]),
  );

  /** For the time of one evaluation, policies may ask about these texts and no others. */
  serve<T>(texts: Texts, evaluate: () => T): T {
    this.#texts = texts;
    try {
      return evaluate();
    } finally {
      this.#texts = null;
      this.#reading = null;
    }
  }

  /** What is wrong with what is looked for; null when nothing is. */
  check(name: string, wanted: unknown): string | null {
    const question = this.#questions[name];
    if (question === undefined) return 'is not offered';
    const found = question.prepare(wanted, JSON.stringify(wanted));
    return found.ok ? null : `${question.subject} ${found.error}`;
  }

  /** @throws PosternError POSTERN_E_POLICY_*: what was not searched is not free of anything. */
  #answer(name: string, part: unknown, wanted: unknown): readonly object[] {
    const [question, texts] = [this.#questions[name], this.#texts];
    if (question === undefined || texts === null) return refuse(name, 'there is no text to ask for');
    const text = this.#findText(part, texts);
    if (text === null) return refuse(name, 'this is no part of the message, or, in a test, has no text');
    const reading = (this.#reading ??= new Reading(texts));
    const key = JSON.stringify(wanted);
    reading.fuel.spend(1 + key.length / CHARACTERS_A_UNIT);
    reading.payForSearch(`${name} ${key}`, MAKING + question.price * key.length);
    const find = question.prepare(wanted, key);
    if (!find.ok) return refuse(name, `${question.subject} ${find.error}`);
    const found = find.value(text, reading);
    return found.length > MOST_MATCHES
      ? refuse(name, `there are more than ${String(MOST_MATCHES)} matches`)
      : found;
  }

  #prepareLiterals(wanted: unknown, key: string): Result<Find, string> {
    const search = this.#literals.find(key, () => createLiteralSearch(wanted));
    if (!search.ok) return search;
    return ok((text, reading) => search.value.find(reading.viewsOf(text), reading.fuel, MOST_MATCHES));
  }

  #prepareExpression(wanted: unknown, key: string): Result<Find, string> {
    const search = this.#expressions.find(key, () => createExpressionSearch(wanted));
    return search.ok ? ok((text, { fuel }) => search.value.find(text, fuel, MOST_MATCHES)) : search;
  }
}

function refuse(name: string, detail: string): never {
  throw new PosternError('POSTERN_E_POLICY_EVALUATION', `${name}: ${detail}.`);
}
