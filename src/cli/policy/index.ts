// `postern policy`: what a team does with its policies before sidecars get them, and when they have them.
import type { Group } from '../command.ts';
import {
  approveCommand,
  historyCommand,
  pinCommand,
  rollbackCommand,
  statusCommand,
  unpinCommand,
  waitCommand,
} from '../standing/index.ts';
import { buildCommand } from './build.ts';
import { bundleGroup } from './bundle.ts';
import { checkCommand } from './check.ts';
import { docsCommand } from './docs.ts';
import { evalCommand } from './eval.ts';
import { explainCommand } from './explain.ts';
import { fmtCommand } from './fmt.ts';
import { initCommand } from './init.ts';
import { lintCommand } from './lint.ts';
import { schemaCommand } from './schema.ts';
import { testCommand } from './test.ts';

export const policyGroup: Group = {
  kind: 'group',
  name: 'policy',
  summary:
    'start, check, lint, test, try, document, build and sign policies; see and hold those of a cluster',
  members: [
    initCommand,
    checkCommand,
    lintCommand,
    testCommand,
    evalCommand,
    explainCommand,
    fmtCommand,
    docsCommand,
    schemaCommand,
    buildCommand,
    bundleGroup,
    statusCommand,
    waitCommand,
    historyCommand,
    approveCommand,
    pinCommand,
    unpinCommand,
    rollbackCommand,
  ],
};
