// A bundle in; everything an exchange is judged by out, immutable, or why the bundle cannot be put in force.
import { hash } from 'node:crypto';
import { PosternError, type Phase } from '../exchange/index.ts';
import {
  createInputWriter,
  parseVerdicts,
  type Facts,
  type InputWriter,
  type Reads,
} from '../gate/decide/index.ts';
import { createInspector, parseDetectors, parsePatterns, type Inspector } from '../gate/inspect/index.ts';
import { err, ok, type Result } from '../lib/result.ts';
import type { Bundle, PolicyData, PolicyMetadata } from './bundle.ts';
import { openEvaluator, type Evaluator } from './evaluator.ts';
import { wholeIssue, type PolicyIssue } from './issue.ts';
import { resolveModes, type ModeTable } from './modes.ts';

export interface Snapshot {
  readonly digest: string;
  readonly revision: string;
  readonly policies: readonly PolicyMetadata[];
  readonly policyIds: readonly string[];
  /** The mode in force of every policy. */
  readonly modes: ModeTable;
  /** What its policies read of the input, which is all that they are shown. */
  readonly reads: Reads;
  readonly writeInput: InputWriter;
  readonly evaluator: Evaluator;
  readonly inspector: Inspector;
  /** SHA-256 (hex) of what the inspector was made of: patterns, and how detectors are set. */
  readonly patterns: string;
  readonly loadedAtMs: number;
}

/** Where a snapshot is in force. */
export interface Station {
  /** Modes of the configuration; they win over the bundle's, which win over what policies say of themselves. */
  readonly modes: ModeTable;
  /** Whose modes in the bundle apply; empty where there is none. */
  readonly namespace: string;
}

export interface SnapshotOptions extends Partial<Station> {
  /** In force now: its inspector serves again while the patterns are the same. */
  readonly current?: Snapshot | null;
}

export async function openSnapshot(
  bundle: Bundle,
  { modes = {}, namespace = '', current = null }: SnapshotOptions,
): Promise<Result<Snapshot, readonly PolicyIssue[]>> {
  const { digest, revision, policies, reads } = bundle;
  const policyIds = policies.map(({ id }) => id);
  const patterns = hash('sha256', JSON.stringify([bundle.data['patterns'], bundle.data['detectors']]));
  const inspector = current?.patterns === patterns ? ok(current.inspector) : openInspector(bundle.data);
  if (!inspector.ok) return inspector;
  const writeInput = createInputWriter(reads);
  const evaluator = await tryEvaluator(bundle, policyIds, writeInput);
  if (!evaluator.ok) return evaluator;
  return ok(
    Object.freeze({
      digest,
      revision,
      policies,
      policyIds,
      modes: {
        ...Object.fromEntries(policies.map(({ id, defaultMode }) => [id, defaultMode])),
        ...resolveModes(bundle.modes, namespace),
        ...modes,
      },
      reads,
      writeInput,
      evaluator: evaluator.value,
      inspector: inspector.value,
      patterns,
      loadedAtMs: Date.now(),
    }),
  );
}

function openInspector({
  patterns = [],
  detectors = {},
}: PolicyData): Result<Inspector, readonly PolicyIssue[]> {
  const [parsed, waits] = [parsePatterns(patterns), parseDetectors(detectors)];
  if (parsed.ok && waits.ok) return ok(createInspector(parsed.value, waits.value));
  return err([
    ...(parsed.ok ? [] : parsed.error).map(({ path, message }) =>
      wholeIssue('bundle.pattern', `data.patterns${path} ${message}`),
    ),
    ...(waits.ok ? [] : waits.error).map(({ path, message }) =>
      wholeIssue('bundle.detector', `data.detectors${path} ${message}`),
    ),
  ]);
}

/** Asks once for each phase, so that a bundle which cannot answer is refused before an exchange meets it. */
async function tryEvaluator(
  bundle: Bundle,
  policyIds: readonly string[],
  writeInput: InputWriter,
): Promise<Result<Evaluator, readonly PolicyIssue[]>> {
  try {
    const evaluator = await openEvaluator(bundle);
    for (const phase of ['request', 'response'] as const) {
      parseVerdicts(evaluator.evaluate(writeInput(emptyFacts(phase))), policyIds);
    }
    return ok(evaluator);
  } catch (error) {
    if (!(error instanceof PosternError)) throw error;
    return err([wholeIssue('bundle.evaluation', error.message)]);
  }
}

const emptyFacts = (phase: Phase): Facts => ({
  phase,
  partial: false,
  route: {
    upstream: { name: 'none', provider: 'openai', url: new URL('http://127.0.0.1') },
    operation: { dialect: 'openai-chat', name: 'chat', method: 'POST', path: '/chat/completions' },
  },
  model: '',
  stream: false,
  parts: [],
  tools: [],
  references: [],
  limits: {},
  findings: [],
  coverage: { bytes: 0, judged: 0, opaque: 0, unknownFields: 0 },
  usage: {},
  finishReasons: [],
});
