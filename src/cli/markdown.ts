// Heads and rows in, a Markdown table out.

export function writeTable(heads: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  const cells = [heads, heads.map(() => '---'), ...rows];
  return cells.map((row) => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`).join('\n');
}
