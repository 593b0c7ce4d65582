// A module in; for each function its stretches out: what runs once a call, and what runs once in each turn of a loop.
import binaryen from 'binaryen';

export interface Stretch {
  readonly instructions: number;
  /** Functions it may call, once for each place. */
  readonly callees: readonly string[];
}

export interface Loop extends Stretch {
  readonly ref: binaryen.ExpressionRef;
  readonly content: binaryen.ExpressionRef;
}

export interface Body {
  readonly ref: binaryen.FunctionRef;
  readonly name: string;
  readonly entry: Stretch;
  readonly loops: readonly Loop[];
}

type FunctionInfo = ReturnType<typeof binaryen.getFunctionInfo>;
type Signature = Pick<FunctionInfo, 'params' | 'results'>;
const CALL: number = binaryen.CallId;
const CALL_INDIRECT: number = binaryen.CallIndirectId;
const LOOP: number = binaryen.LoopId;

/** The fields of all kinds of expression; each has some. */
type Info = Readonly<Record<string, unknown>>;

/**
 * Every kind of instruction whose cost is that of one, and the fields that hold its operands. What is not here, such
 * as copying any length of memory at once, would need a price of its own.
 */
const OPERANDS: ReadonlyMap<number, readonly string[]> = new Map([
  [binaryen.NopId, []],
  [binaryen.UnreachableId, []],
  [binaryen.ConstId, []],
  [binaryen.LocalGetId, []],
  [binaryen.GlobalGetId, []],
  [binaryen.MemorySizeId, []],
  [binaryen.BlockId, ['children']],
  [binaryen.IfId, ['condition', 'ifTrue', 'ifFalse']],
  [LOOP, ['body']],
  [binaryen.BreakId, ['condition', 'value']],
  [binaryen.SwitchId, ['condition', 'value']],
  [CALL, ['operands']],
  [CALL_INDIRECT, ['target', 'operands']],
  [binaryen.LocalSetId, ['value']],
  [binaryen.GlobalSetId, ['value']],
  [binaryen.LoadId, ['ptr']],
  [binaryen.StoreId, ['ptr', 'value']],
  [binaryen.UnaryId, ['value']],
  [binaryen.BinaryId, ['left', 'right']],
  [binaryen.SelectId, ['ifTrue', 'ifFalse', 'condition']],
  [binaryen.DropId, ['value']],
  [binaryen.ReturnId, ['value']],
  [binaryen.MemoryGrowId, ['delta']],
]);

export function readBodies(module: binaryen.Module): Body[] {
  const functions = Array.from({ length: module.getNumFunctions() }, (_, index) => {
    const ref = module.getFunctionByIndex(index);
    return { ref, ...binaryen.getFunctionInfo(ref) };
  });
  const inTable = listTable(module);
  const targets = Map.groupBy(
    functions.filter(({ name }) => inTable.has(name)),
    describeSignature,
  );
  const reach = (signature: Signature): string[] =>
    (targets.get(describeSignature(signature)) ?? []).map(({ name }) => name);
  return functions.filter(isOwn).map(({ ref, name, body }) => ({ ref, name, ...readStretches(body, reach) }));
}

/** What is imported has no body. */
const isOwn = ({ body }: FunctionInfo): boolean => body !== 0;

function listTable(module: binaryen.Module): Set<string> {
  const segments = Array.from({ length: module.getNumElementSegments() }, (_, index) =>
    binaryen.getElementSegmentInfo(module.getElementSegmentByIndex(index)),
  );
  return new Set(segments.flatMap(({ data }) => data));
}

/** A call through the table reaches every function there of its type, and no other: the machine checks that. */
const describeSignature = ({ params, results }: Signature): string => `${params} ${results}`;

/** A stretch while it is read. */
interface Draft {
  instructions: number;
  readonly callees: string[];
}

function readStretches(
  body: binaryen.ExpressionRef,
  reach: (signature: Signature) => readonly string[],
): Pick<Body, 'entry' | 'loops'> {
  const loops: Loop[] = [];
  const read = (ref: binaryen.ExpressionRef, stretch: Draft): void => {
    const { id, info, operands } = readExpression(ref);
    stretch.instructions += 1;
    if (id === CALL) stretch.callees.push(info['target'] as string);
    if (id === CALL_INDIRECT) stretch.callees.push(...reach(info as unknown as Signature));
    const inner = id === LOOP ? openLoop(ref, info) : stretch;
    for (const operand of operands) read(operand, inner);
  };
  const openLoop = (ref: binaryen.ExpressionRef, { body }: Info): Draft => {
    const loop = { ref, content: body as binaryen.ExpressionRef, instructions: 0, callees: [] };
    loops.push(loop);
    return loop;
  };
  const entry: Draft = { instructions: 0, callees: [] };
  read(body, entry);
  return { entry, loops };
}

interface Expression {
  readonly id: number;
  readonly info: Info;
  readonly operands: readonly binaryen.ExpressionRef[];
}

/** @throws Error for an instruction whose cost is not known. */
function readExpression(ref: binaryen.ExpressionRef): Expression {
  const id = binaryen.getExpressionId(ref);
  const fields = OPERANDS.get(id);
  if (fields === undefined) throw new Error(`The cost of instructions of kind ${String(id)} is not known.`);
  if (fields.length === 0) return { id, info: {}, operands: [] };
  const info = binaryen.getExpressionInfo(ref) as unknown as Info;
  const operands = fields.flatMap((field) => info[field] as binaryen.ExpressionRef);
  return { id, info, operands: operands.filter((operand) => operand !== 0) };
}
