import {
  BODY,
  COMMAND,
  type ConfigNode,
  type ConfigTree,
  commandRow,
  firstItem,
  isTerminator,
  knownOutline,
  leadingBlanks,
  type Outline,
  rawRow,
  rememberOutline,
  scanOutline,
  trailingBlanks,
} from './tree.ts'

/**
 * The text of a tree, each line closed by a newline, the empty tree as the empty text. A parsed tree gives back what
 * was read; nothing is added, neither `!` nor `end`.
 */
export function renderConfig(tree: ConfigTree): string {
  const known = knownOutline(tree)
  if (known !== undefined) return known.text
  const rows: string[] = []
  renderBlock(tree, 0, rows)
  return rows.length === 0 ? '' : `${rows.join('\n')}\n`
}

/** The rows of one node as they stand in a configuration, the trivia before it included. */
export function renderNode(node: ConfigNode, depth = 0): string[] {
  const rows: string[] = []
  renderInto(node, depth, rows)
  return rows
}

function renderBlock(block: Pick<ConfigNode, 'children' | 'tail'>, depth: number, rows: string[]) {
  for (const child of block.children) renderInto(child, depth, rows)
  for (const raw of block.tail) rows.push(raw)
}

function renderInto(node: ConfigNode, depth: number, rows: string[]) {
  for (const raw of node.lead) rows.push(raw)
  rows.push(`${node.margin ?? ' '.repeat(node.indent ?? 3 * depth)}${node.line}${node.trailing ?? ''}`)
  for (const body of node.body ?? []) for (const raw of body) rows.push(raw)
  renderBlock(node, depth + 1, rows)
}

const NOTHING = Object.freeze([])

interface Block {
  readonly children: readonly ConfigNode[]
  readonly tail: readonly string[]
}

/** Reads an EOS configuration as a tree that renders back exactly: CR, trailing blanks and the final newline aside. Every text is a tree; what no rule of EOS would accept is kept as the command it looks like. */
export function parseConfig(text: string): ConfigTree {
  const outline = scanOutline(text)
  let block: Block | undefined
  const root = (): Block => {
    block ??= readBlock(outline, 0, outline.rows, 0)
    return block
  }
  const tree: ConfigTree = {
    get children() {
      return root().children
    },
    get tail() {
      return root().tail
    },
  }
  rememberOutline(tree, outline)
  return tree
}

function readBlock(outline: Outline, from: number, to: number, depth: number): Block {
  const children: ConfigNode[] = []
  let lead: string[] | undefined
  for (let row = from; row < to; row = outline.end[row] ?? to) {
    if (outline.kind[row] === COMMAND) {
      children.push(readNode(outline, row, depth, trivia(lead)))
      lead = undefined
    } else {
      lead ??= []
      lead.push(rawRow(outline, row))
    }
  }
  return { children: children.length === 0 ? NOTHING : children.slice(), tail: trivia(lead) }
}

const SEPARATORS = new Map(['!', '   !', '      !'].map((row) => [row, Object.freeze([row])]))

// Copies, because an array that grew holds room for many more: in a whole network that is most of the memory.
function trivia(rows: readonly string[] | undefined) {
  const [first = ''] = rows ?? NOTHING
  return rows === undefined ? NOTHING : ((rows.length === 1 ? SEPARATORS.get(first) : undefined) ?? rows.slice())
}

function readNode(outline: Outline, row: number, depth: number, lead: readonly string[]): ConfigNode {
  const indent = outline.indent[row] ?? 0
  const margin = leadingBlanks(outline, row)
  const trailing = trailingBlanks(outline, row)
  const items = firstItem(outline, row)
  const { children, tail } = readBlock(outline, items, outline.end[row] ?? items, depth + 1)
  const line = commandRow(outline, row)
  // An object literal with conditional parts takes half as much again.
  const bare = indent === 3 * depth && trailing === '' && !margin.includes('\t') && outline.kind[row + 1] !== BODY
  if (bare) return { line, children, lead, tail }
  return {
    line,
    ...(indent === 3 * depth ? {} : { indent }),
    ...(margin.includes('\t') ? { margin } : {}),
    children,
    ...(outline.kind[row + 1] === BODY ? { body: readBodies(outline, row + 1, items) } : {}),
    lead,
    tail,
    ...(trailing === '' ? {} : { trailing }),
  }
}

function readBodies(outline: Outline, from: number, to: number) {
  const bodies: string[][] = []
  let body: string[] = []
  for (let row = from; row < to; row++) {
    const raw = rawRow(outline, row)
    body.push(raw)
    if (!isTerminator(raw)) continue
    bodies.push(body)
    body = []
  }
  return bodies
}
