// What the API server sends, looked at without being taken for more than it is.

export type Json = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Empty where there is none. */
export const objectAt = (value: Json, key: string): Json => {
  const found = value[key];
  return isObject(found) ? found : {};
};

/** Its objects; empty where there is no list. */
export const listAt = (value: Json, key: string): readonly Json[] => {
  const found = value[key];
  return Array.isArray(found) ? found.filter(isObject) : [];
};

export const textAt = (value: Json, key: string): string | null => {
  const found = value[key];
  return typeof found === 'string' ? found : null;
};

export const textsAt = (value: Json, key: string): readonly string[] => {
  const found = value[key];
  return Array.isArray(found) ? found.filter((each) => typeof each === 'string') : [];
};
