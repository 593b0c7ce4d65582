// Where callers say who they are.

/** Each of them may carry a key; which one counts is for the provider to know, so a request has one of them at most. */
export const CREDENTIAL_HEADERS = ['authorization', 'api-key', 'x-api-key', 'x-goog-api-key'] as const;

export type CredentialHeader = (typeof CREDENTIAL_HEADERS)[number];
