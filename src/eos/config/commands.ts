import type { Command } from '../../model/command.ts'
import { definedMembers } from '../../model/json.ts'
import { ConfigEditor } from './rules/editor.ts'
import { meaningOf, tableOf } from './rules/rules.ts'
import { parseConfig } from './text/parse.ts'
import type { ConfigNode, ConfigTree } from './text/tree.ts'

// The tree says it already, and each would leave the mode a second time.
const leavesMode = /^(?:end|exit|exit-address-family)$/

function dedent(lines: readonly string[]) {
  const margins = lines.filter((line) => line.trim() !== '').map(marginOf)
  const margin = margins.length > 0 ? Math.min(...margins) : 0
  return lines.map((line) => outdent(line, margin))
}

const marginOf = (line: string) => line.length - line.trimStart().length

const outdent = (line: string, margin: number) => line.slice(Math.min(margin, marginOf(line)))

// What the prompts of a heredoc are fed: all bodies with the `EOF` between them and without the last one, as eAPI takes them (docs/eos.md
// 1.2). A banner and a certificate begin at the first column; the others are indented with their command, as their `EOF` is (docs/eos.md 4.2).
function inputOf({ line, body = [] }: ConfigNode) {
  const lines = body.flat().slice(0, -1)
  const verbatim = line.startsWith('banner ') || body.length > 1
  if (verbatim) return joined(lines.map((text) => (text.trim() === 'EOF' ? 'EOF' : text)))
  const margin = marginOf(body.at(-1)?.at(-1) ?? '')
  return joined(margin === 0 ? dedent(lines) : lines.map((text) => outdent(text, margin)))
}

// An empty line at the end keeps its own line break: one at the end of a text is none of its lines.
const joined = (lines: readonly string[]) => lines.join('\n') + (lines.at(-1) === '' ? '\n' : '')

const indented = (line: string, depth: number) => '   '.repeat(depth) + line

const isModeComment = ({ line }: ConfigNode) => line.startsWith('!!')

// All `!! text` lines of one mode as the one `comment` they are: a second `comment` would replace the first.
function modeComment(nodes: readonly ConfigNode[], depth: number): Command | undefined {
  const lines = nodes.filter(isModeComment).map(({ line }) => line.slice(2).trim())
  const input = lines.some((line) => line !== '') ? lines.join('\n') : ' '
  return lines.length === 0 ? undefined : { cmd: indented('comment', depth), input }
}

// Whether a command enters a mode although nothing stands under it (`interface Ethernet1` alone). At the root only where its mode is known in
// detail: an `exit` after a command that entered none would leave the session, and there the next root command leaves the mode by itself
// (docs/eos.md 4.5).
function opensMode(node: ConfigNode, mode: string) {
  if (node.children.length > 0) return true
  const opened = /^(?:no|default) /.test(node.line) ? undefined : meaningOf(mode, node.line).block
  return opened !== undefined && (mode !== 'root' || tableOf(opened.mode).open !== true)
}

function nodeCommands(node: ConfigNode, mode: string, depth: number): Command[] {
  const cmd = indented(node.line, depth)
  if (node.body) return [{ cmd, input: inputOf(node) }]
  if (!opensMode(node, mode)) return [{ cmd }]
  const submode = meaningOf(mode, node.line).block?.mode ?? 'unknown'
  return [{ cmd }, ...blockCommands(node.children, submode, depth + 1), { cmd: indented('exit', depth + 1) }]
}

function blockCommands(nodes: readonly ConfigNode[], mode: string, depth: number): Command[] {
  const comment = modeComment(nodes, depth)
  const firstComment = nodes.find(isModeComment)
  return nodes.flatMap((node) => {
    if (isModeComment(node)) return comment && node === firstComment ? [comment] : []
    return leavesMode.test(node.line) ? [] : nodeCommands(node, mode, depth)
  })
}

/** The commands that enter a change, or a whole candidate, in a configuration session: without header, separators, comments of the file, blank lines and `end`; banners, certificates, mode comments and code units with their text as input (docs/eos.md 1.2). Each command is typed in exactly the mode it stands in: whatever enters a mode, with commands under it or without, is followed by one `exit` when its commands are done. */
export function commandsOf(change: ConfigTree): Command[] {
  return blockCommands(change.children, 'root', 0)
}

function typedCommands(nodes: readonly ConfigNode[]): Command[] {
  const editor = new ConfigEditor({ children: [], tail: [] })
  const commands: Command[] = []
  let depth = 0
  const leaveTo = (target: number) => {
    for (; depth > target; depth -= 1) commands.push({ cmd: indented('exit', depth) })
  }
  for (const node of nodes) {
    const input = node.body && inputOf(node)
    const { kind, path } = editor.type(node.line, input)
    leaveTo(kind === 'entered' ? path.length - 1 : path.length)
    const cmd = indented(node.line, depth)
    if (!leavesMode.test(node.line)) commands.push({ cmd, ...definedMembers({ input }) })
    depth = editor.path.length
  }
  leaveTo(0)
  return commands
}

/**
 * The commands that enter the lines of a change: nested by indentation if any is indented below another, else by CLI mode,
 * as `mergeConfig` reads them. Either way each is typed in its mode, as {@link commandsOf} says.
 */
export function commandsOfLines(lines: readonly string[]): Command[] {
  const change = parseConfig(`${lines.join('\n')}\n`)
  const nested = change.children.some(({ children }) => children.length > 0)
  return nested ? commandsOf(change) : typedCommands(change.children)
}
