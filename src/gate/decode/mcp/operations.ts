// Where MCP servers are spoken to over HTTP. Streams that servers begin by themselves (GET) are refused, as servers may refuse them.
import type { Operation } from '../../../exchange/index.ts';

const spoken = { dialect: 'mcp', name: 'mcp', path: '/mcp', isAcknowledged: true } as const;

/** The second ends a session. */
export const MCP: readonly Operation[] = [
  { ...spoken, method: 'POST' },
  { ...spoken, method: 'DELETE', body: 'none', stream: false },
];
