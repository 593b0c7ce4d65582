// The lines that this room writes.
export interface ReflectLog {
  info(message: string, fields: { readonly why: string; readonly count?: number }): void;
  warn(
    message: string,
    fields: { readonly why: string; readonly code: string; readonly count?: number },
  ): void;
}
