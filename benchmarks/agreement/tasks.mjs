// Reads file names from standard input; prints one JSON line per file: its task items as
// remark-gfm reads them, [line, depth, depth among tasks, checked, source text].
import fs from 'node:fs'
import readline from 'node:readline'
import remarkGfm from 'remark-gfm'
import remarkParse from 'remark-parse'
import { unified } from 'unified'

const processor = unified().use(remarkParse).use(remarkGfm)

// Frontmatter is no Markdown; blank lines in its place keep the line numbers.
function withoutFrontmatter(text) {
  const lines = text.split('\n')
  if (lines[0].trimEnd() !== '---') return text
  const end = lines.findIndex((line, index) => index > 0 && line.trimEnd() === '---')
  return end < 0 ? text : '\n'.repeat(end + 1) + lines.slice(end + 1).join('\n')
}

function collect(node, text, depth, taskDepth, found) {
  let [below, tasksBelow] = [depth, taskDepth]
  if (node.type === 'listItem') {
    below += 1
    if (typeof node.checked === 'boolean') {
      tasksBelow += 1
      const paragraph = node.children[0]
      const { start, end } = paragraph.position
      // The box is cut off the tree, but not always off the paragraph's position.
      const from = paragraph.children[0]?.position.start ?? end
      const source = text.slice(from.offset, end.offset)
      found.push([start.line, depth, taskDepth, node.checked, source])
    }
  }
  for (const child of node.children || []) collect(child, text, below, tasksBelow, found)
}

for await (const file of readline.createInterface({ input: process.stdin })) {
  const bytes = fs.readFileSync(file)
  const text = withoutFrontmatter(
    new TextDecoder('utf-8').decode(bytes).replace(/\r\n?/g, '\n').replaceAll('\0', '\ufffd'),
  )
  const found = []
  collect(processor.parse(text), text, 0, 0, found)
  console.log(JSON.stringify([file, found]))
}
