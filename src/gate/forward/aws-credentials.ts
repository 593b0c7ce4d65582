// A file of credentials as AWS's own tools write it in; what they are now out. It is read again whenever it has changed.
import { readFileSync, statSync } from 'node:fs';
import { PosternError } from '../../exchange/index.ts';

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

const NAMES = {
  aws_access_key_id: 'accessKeyId',
  aws_secret_access_key: 'secretAccessKey',
  aws_session_token: 'sessionToken',
} as const;

const isName = (name: string): name is keyof typeof NAMES => Object.hasOwn(NAMES, name);

export class CredentialsFile {
  readonly #file: string;
  #stamp = '';
  #credentials: AwsCredentials | null = null;

  constructor(file: string) {
    this.#file = file;
  }

  /** @throws PosternError POSTERN_E_CREDENTIALS, of which the cause says why and holds nothing of the file. */
  read(): AwsCredentials {
    try {
      const { mtimeMs, size, ino } = statSync(this.#file);
      const stamp = `${mtimeMs} ${size} ${ino}`;
      if (this.#credentials === null || stamp !== this.#stamp)
        this.#credentials = parseCredentials(readFileSync(this.#file, 'utf8'));
      this.#stamp = stamp;
      return this.#credentials;
    } catch (error) {
      this.#credentials = null;
      throw new PosternError('POSTERN_E_CREDENTIALS', `File: ${this.#file}.`, { cause: error });
    }
  }
}

/** Of the profile `default`; what else is there is passed over. */
export function parseCredentials(text: string): AwsCredentials {
  const { accessKeyId, secretAccessKey, ...token } = Object.fromEntries(
    fieldsOf(text),
  ) as Partial<AwsCredentials>;
  if (accessKeyId === undefined || secretAccessKey === undefined)
    throw new Error('aws_access_key_id and aws_secret_access_key are not both there, under [default]');
  return { accessKeyId, secretAccessKey, ...token };
}

function* fieldsOf(text: string): Iterable<readonly [keyof AwsCredentials, string]> {
  let profile = '';
  for (const line of text.split(/\r?\n/).map((each) => each.trim())) {
    const [, head] = /^\[(.+)\]$/.exec(line) ?? [];
    profile = head?.trim() ?? profile;
    const [, name = '', value = ''] = /^([a-z_]+)\s*=\s*(\S+)$/.exec(line) ?? [];
    if (profile === 'default' && isName(name)) yield [NAMES[name], value];
  }
}
