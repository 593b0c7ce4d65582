// Who vouches for requests to an upstream, and which callers may, as the file's author writes it in; as the house sees it out.
import { z } from 'zod';
import { CREDENTIAL_HEADERS, type CredentialHeader } from '../exchange/index.ts';

const file = z.string().min(1);

export const credentialSchema = z.strictObject({
  file: file.describe('Holds the key and nothing else; read again when it has changed.'),
  header: z
    .enum(CREDENTIAL_HEADERS)
    .optional()
    .describe('Where the provider looks for it, if not where its own SDK sends it.'),
  placeholder: z
    .string()
    .regex(/^[!-~]{1,8192}$/, 'must be visible ASCII characters')
    .optional()
    .describe('What callers are to send in its place; any other credential, or none, is refused.'),
});

const names = z.array(z.string().min(1)).min(1).optional();

export const accountsSchema = z
  .strictObject({
    salt_file: file.optional().describe('Holds the salt of the hashes; read at the start.'),
    allow: z
      .array(z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hex digits, as `postern hash-credential` prints'))
      .min(1)
      .optional()
      .describe('Salted hashes of the credentials that callers may send.'),
    organizations: names.describe('What the header OpenAI-Organization may say where it is sent.'),
    projects: names.describe('The same of OpenAI-Project and x-goog-user-project.'),
  })
  .refine(
    ({ allow, organizations, projects }) => (allow ?? organizations ?? projects) !== undefined,
    'must name allow, organizations or projects',
  );

export interface Credential {
  readonly file: string;
  /** Null for the provider's own. */
  readonly header: CredentialHeader | null;
  /** Null takes whatever callers send. */
  readonly placeholder: string | null;
}

/** Null lists allow everything. */
export interface Accounts {
  readonly saltFile: string | null;
  /** In hex. */
  readonly allow: readonly string[] | null;
  readonly organizations: readonly string[] | null;
  readonly projects: readonly string[] | null;
}

export const toCredential = (text: z.output<typeof credentialSchema>): Credential => ({
  file: text.file,
  header: text.header ?? null,
  placeholder: text.placeholder ?? null,
});

export const toAccounts = (text: z.output<typeof accountsSchema>): Accounts => ({
  saltFile: text.salt_file ?? null,
  allow: text.allow ?? null,
  organizations: text.organizations ?? null,
  projects: text.projects ?? null,
});
