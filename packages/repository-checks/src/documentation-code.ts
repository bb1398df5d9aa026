/** A fenced TypeScript block of a Markdown file. */
export interface CodeBlock {
  /** Line of the opening fence, counted from 1. */
  readonly line: number
  readonly code: string
}

/** The blocks fenced as `ts`. Blocks of other languages, and `ts` blocks nobody could run, do not exist here. */
export function typeScriptBlocks(markdown: string): CodeBlock[] {
  const blocks: CodeBlock[] = []
  let open: { line: number; lines: string[] } | undefined
  for (const [index, text] of markdown.split('\n').entries()) {
    if (open === undefined) {
      if (/^```ts\s*$/.test(text)) open = { line: index + 1, lines: [] }
    } else if (text.startsWith('```')) {
      blocks.push({ line: open.line, code: open.lines.join('\n') })
      open = undefined
    } else {
      open.lines.push(text)
    }
  }
  return blocks
}
