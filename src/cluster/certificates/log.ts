// The lines that this room writes. Keys and what stands in a Secret are in none of them.
export interface CertificatesLog {
  info(message: string, fields: { readonly why: string; readonly count?: number }): void;
  warn(
    message: string,
    fields: { readonly why: string; readonly code: string; readonly count?: number },
  ): void;
}
