// A pod as raw JSON in; what the injector has to know of it, or why it is none, out.
import { err, ok, type Result } from '../../lib/result.ts';
import { findExcess } from './bounds.ts';
import { isObject, objectAt, textAt, type Json } from './json.ts';

export type Texts = Readonly<Record<string, string>>;

export interface Container {
  readonly raw: Json;
  readonly name: string;
  readonly list: (typeof LISTS)[number];
  /** Where it stands in the pod. */
  readonly path: string;
}

export interface Pod {
  readonly raw: Json;
  readonly spec: Json;
  readonly labels: Texts;
  readonly annotations: Texts;
  /** Those of initialisation first, in their order. */
  readonly containers: readonly Container[];
}

export interface Namespace {
  readonly name: string;
  readonly labels: Texts;
  readonly annotations: Texts;
}

const LISTS = ['initContainers', 'containers', 'ephemeralContainers'] as const;

export function readPod(raw: unknown): Result<Pod, string> {
  if (!isObject(raw)) return err('is no object');
  const metadata = objectAt(raw, 'metadata');
  const { spec } = raw;
  if (!isObject(spec)) return err('has no spec');
  const problem =
    findExcess(spec, metadata) ??
    LISTS.map((list) => problemOf(spec[list], list)).find((found) => found !== null) ??
    problemOfTexts(metadata, 'labels') ??
    problemOfTexts(metadata, 'annotations');
  if (problem !== null) return err(problem);
  const containers = LISTS.flatMap((list) => containersIn(spec, list));
  const twice = findTwice(containers.map(({ name }) => name));
  if (twice !== undefined) return err(`has two containers called ${twice}`);
  return ok({
    raw,
    spec,
    labels: objectAt(metadata, 'labels') as Texts,
    annotations: objectAt(metadata, 'annotations') as Texts,
    containers,
  });
}

function findTwice(names: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return names.find((name) => seen.size === seen.add(name).size);
}

const containersIn = (spec: Json, list: Container['list']): readonly Container[] =>
  ((spec[list] ?? []) as readonly Json[]).map((raw, index) => ({
    raw,
    name: textAt(raw, 'name') ?? '',
    list,
    path: `/spec/${list}/${String(index)}`,
  }));

function problemOf(found: unknown, list: string): string | null {
  if (found === undefined || found === null) return null;
  const isList =
    Array.isArray(found) && found.every((each) => isObject(each) && textAt(each, 'name') !== null);
  return isList ? null : `has spec.${list} that is no list of containers with names`;
}

function problemOfTexts(metadata: Json, key: string): string | null {
  const found = metadata[key] ?? {};
  const isTexts = isObject(found) && Object.values(found).every((each) => typeof each === 'string');
  return isTexts ? null : `has metadata.${key} that are not all text`;
}
