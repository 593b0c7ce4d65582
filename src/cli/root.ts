// Every command there is.
import type { Group } from './command.ts';
import { checkClusterCommand } from './check/index.ts';
import { hashCredentialCommand } from './hash-credential.ts';
import { explainGroup, injectCommand, uninjectCommand } from './inject/index.ts';
import { initCommand } from './init/index.ts';
import { policyGroup } from './policy/index.ts';
import { replayCommand } from './replay/index.ts';

export const ROOT: Group = {
  kind: 'group',
  name: 'postern',
  summary: 'Judges LLM traffic against Rego policies.',
  members: [
    { kind: 'program', name: 'sidecar', summary: 'stand between an application and its LLM endpoints' },
    { kind: 'program', name: 'controller', summary: 'give pods their sidecars, in a cluster' },
    { kind: 'program', name: 'run', summary: 'start a command with Postern between it and its LLMs' },
    initCommand,
    injectCommand,
    uninjectCommand,
    explainGroup,
    policyGroup,
    checkClusterCommand,
    replayCommand,
    hashCredentialCommand,
    { kind: 'program', name: 'demo', summary: 'show attacks, judged and written down, on this machine' },
  ],
};
