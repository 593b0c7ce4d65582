// A request's head in; whose credential it came with, by a hash, or a refusal of that credential, out.
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { ConfiguredUpstream } from '../../config/index.ts';
import { CREDENTIAL_HEADERS, PosternError, type Route } from '../../exchange/index.ts';
import { hashKey, parseKey } from '../../lib/key.ts';

type Headers = ReadonlyMap<string, string>;

export interface Callers {
  /** The route, with the id of the credential. @throws PosternError POSTERN_E_FOREIGN_CREDENTIAL. */
  admit(route: Route, headers: Headers): Route;
}

const ID_DIGITS = 16;

/** @throws Error when a salt cannot be read. */
export function openCallers(upstreams: Iterable<ConfiguredUpstream>): Callers {
  const ownSalt = randomBytes(32).toString('hex');
  const books = new Map([...upstreams].map((upstream) => [upstream.name, openBook(upstream, ownSalt)]));
  return {
    admit: (route, headers) => {
      const book = books.get(route.upstream.name);
      if (book === undefined) throw new PosternError('POSTERN_E_UNKNOWN_UPSTREAM');
      const credential = credentialOf(headers);
      book.check(credential, headers);
      if (credential === null) return route;
      return { ...route, credentialId: hashKey(book.idSalt, credential).slice(0, ID_DIGITS) };
    },
  };
}

interface Book {
  readonly idSalt: string;
  check(credential: string | null, headers: Headers): void;
}

function openBook({ name, accounts, credential }: ConfiguredUpstream, ownSalt: string): Book {
  const { saltFile = null, allow = null } = accounts ?? {};
  const { placeholder = null } = credential ?? {};
  const salt = saltFile === null ? null : readSalt(saltFile);
  const isAllowed = createList(allow, salt ?? '');
  const isPlaceholder = createList(placeholder === null ? null : [hashKey(ownSalt, placeholder)], ownSalt);
  return {
    idSalt: salt ?? ownSalt,
    check: (sent, headers) => {
      if (!isAllowed(sent) || !isPlaceholder(sent))
        throw new PosternError('POSTERN_E_FOREIGN_CREDENTIAL', `Upstream: ${name}.`);
      for (const named of NAMED) checkNames(accounts?.[named.list] ?? null, named.headers, headers);
    },
  };
}

function readSalt(file: string): string {
  const salt = parseKey(readFileSync(file, 'utf8'));
  if (salt === null) throw new Error(`${file} is to hold one salt: 1 to 8192 visible ASCII characters`);
  return salt;
}

/** Null lists everybody. */
function createList(hashes: readonly string[] | null, salt: string): (credential: string | null) => boolean {
  if (hashes === null) return () => true;
  const listed = hashes.map((hash) => Buffer.from(hash));
  return (credential) => {
    if (credential === null) return false;
    const hash = Buffer.from(hashKey(salt, credential));
    // All of them, so that no time tells which one it was.
    return listed.filter((each) => timingSafeEqual(each, hash)).length > 0;
  };
}

/** What says on whose account a request is, beside its credential. */
const NAMED = [
  { list: 'organizations', headers: ['openai-organization'] },
  { list: 'projects', headers: ['openai-project', 'x-goog-user-project'] },
] as const;

function checkNames(allowed: readonly string[] | null, names: readonly string[], headers: Headers): void {
  if (allowed === null) return;
  for (const name of names) {
    const value = headers.get(name);
    if (value !== undefined && !allowed.includes(value))
      throw new PosternError('POSTERN_E_FOREIGN_CREDENTIAL', `The header ${name} says whose it is.`);
  }
}

/** The key itself, wherever it stands; of a signature the name of the key that made it, for each signature is another. */
function credentialOf(headers: Headers): string | null {
  const name = CREDENTIAL_HEADERS.find((each) => headers.has(each));
  const value = headers.get(name ?? '');
  if (value === undefined) return null;
  if (name !== 'authorization') return value;
  const [, key = value] = BEARER.exec(value) ?? SIGNED.exec(value) ?? [];
  return key;
}

const BEARER = /^Bearer +(\S.*)$/i;
const SIGNED =
  /^AWS4-[A-Z0-9-]+ Credential=(\w{1,128})\/[^,\s]+, ?SignedHeaders=[^,\s]+, ?Signature=[0-9a-f]+$/;
