// The text of a file of credentials as AWS's own tools write it in; what they are out.

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
