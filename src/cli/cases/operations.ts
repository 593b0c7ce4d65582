// The names that cases have for operations in; the routes they mean out.
import type { Route } from '../../exchange/index.ts';
import { OPERATIONS } from '../../gate/decode/index.ts';
import { findRenderer } from './render/index.ts';

const TOLD = OPERATIONS.filter(({ operation }) => findRenderer(operation.dialect) !== null);

/** A dialect, or the path of an operation. */
export const OPERATION_NAMES: readonly string[] = [
  ...new Set(TOLD.flatMap(({ operation }) => [operation.dialect, operation.path])),
];

/** One for each dialect that is named, or for every dialect. */
export function routesOf(names: readonly string[]): readonly Route[] {
  const meant = TOLD.filter(
    ({ operation }) =>
      names.length === 0 || names.includes(operation.dialect) || names.includes(operation.path),
  );
  const routes = meant.map(({ provider, operation }): Route => ({
    upstream: { name: provider, provider, url: new URL(`https://${provider}.example`) },
    operation,
  }));
  return [...Map.groupBy(routes, ({ operation }) => operation.dialect).values()].flatMap(
    ([first]) => first ?? [],
  );
}

interface Wanted {
  /** Empty where the case does not say. */
  readonly model: string;
  readonly stream: boolean;
}

/** The route that such a request takes, where the path says what it is for. */
export function routeFor(route: Route, { model, stream }: Wanted): Route {
  const other = OPERATIONS.find((entry) => isSame(entry, route, stream));
  const { operation } = route.operation.stream === stream ? route : (other ?? route);
  const { path } = operation;
  const isNamed = model !== '' && path.includes('{model');
  return { ...route, operation, ...(isNamed ? { address: { path, model } } : {}) };
}

const isSame = (
  { provider, operation }: (typeof OPERATIONS)[number],
  { upstream, operation: known }: Route,
  stream: boolean,
): boolean =>
  provider === upstream.provider &&
  operation.dialect === known.dialect &&
  operation.name === known.name &&
  operation.stream === (known.stream === undefined ? undefined : stream);
