import { type CliRefusal, printedLines, type Reply, refused } from '../../platform/facts.ts'

type PipeWord = 'section' | 'include' | 'exclude' | 'begin' | 'no-more' | 'json' | 'grep' | 'egrep' | 'head' | 'tail'

export interface Pipe {
  readonly word: PipeWord
  readonly pattern: string
}

const WORDS: readonly PipeWord[] = ['section', 'include', 'exclude', 'begin', 'no-more', 'json']
const PROGRAMS: readonly PipeWord[] = ['grep', 'egrep', 'head', 'tail']

/**
 * Splits a line into the command and what stands behind its pipes. What begins with no filter is of the pattern before it:
 * ansible asks `| include interface | access-group | traffic-filter`, which means any of the three.
 */
export function splitPipes(line: string): readonly [string, ...string[]] {
  const [command = '', ...parts] = line.split(/\s\|\s*|^\|/)
  const pipes: string[] = []
  for (const part of parts) {
    const before = pipes.at(-1)
    if (before === undefined || !('ok' in readPipe(part.trim()))) pipes.push(part.trim())
    else pipes[pipes.length - 1] = `${before}|${part.trim()}`
  }
  return [command.trim(), ...pipes]
}

/** Reads one pipe; its word may be shortened, as `| i Software` in a recording of a 4.22.1F. */
export function readPipe(text: string): Pipe | CliRefusal {
  const [typed = '', ...rest] = text.split(/\s+/)
  const word =
    [...WORDS, ...PROGRAMS].find((candidate) => candidate === typed) ??
    WORDS.find((candidate) => typed !== '' && candidate.startsWith(typed))
  if (word === undefined) return refused(`Invalid input (at token 0: '${typed}')`, 1002)
  const pattern = rest.join(' ')
  return { word, pattern: PROGRAMS.includes(word) ? pattern : pattern.replace(/^"(.*)"$/, '$1') }
}

/** Sends a reply through its pipes: they work on text, `| json` aside (docs/eos.md 1.2). */
export function throughPipes(reply: Reply, pipes: readonly string[], format: 'json' | 'text'): Reply {
  if (!reply.ok || pipes.length === 0) return reply
  const filters: Pipe[] = []
  for (const pipe of pipes.map(readPipe)) {
    if ('ok' in pipe) return pipe
    filters.push(pipe)
  }
  const { json, text } = reply
  if (filters.some(({ word }) => word === 'json')) {
    if (json === undefined) return refused('This is an unconverted command', 1003)
    return { ok: true, json, text: () => `${JSON.stringify(json(), null, 4)}\n` }
  }
  if (format === 'json') return refused('This is an unconverted command', 1003)
  if (text === undefined) return reply
  return { ok: true, text: () => filters.reduce((shown, pipe) => throughPipe(shown, pipe), text()) }
}

export function throughPipe(text: string, pipe: Pipe): string {
  if (pipe.word === 'no-more' || pipe.word === 'json' || text === '') return text
  const lines = text.endsWith('\n') ? text.slice(0, -1).split('\n') : text.split('\n')
  const kept = PROGRAMS.includes(pipe.word)
    ? throughProgram(lines, pipe)
    : filtered(lines, pipe.word, expression(pipe.pattern))
  return printedLines(kept)
}

function filtered(lines: readonly string[], word: Pipe['word'], pattern: RegExp) {
  if (word === 'include') return lines.filter((line) => pattern.test(line))
  if (word === 'exclude') return lines.filter((line) => !pattern.test(line))
  if (word === 'begin') {
    const first = lines.findIndex((line) => pattern.test(line))
    return first === -1 ? [] : lines.slice(first)
  }
  return sections(lines, pattern)
}

function throughProgram(lines: readonly string[], { word, pattern }: Pipe) {
  if (word === 'head' || word === 'tail') {
    const count = Number(/^-(?:n\s*)?(\d+)$/.exec(pattern)?.[1] ?? 10)
    return word === 'head' ? lines.slice(0, count) : lines.slice(Math.max(0, lines.length - count))
  }
  const [, options = '', quoted = ''] = /^((?:-[ivE]+\s+)*)(.*)$/.exec(pattern) ?? []
  const wanted = expression(quoted.replace(/^(["'])(.*)\1$/, '$2'), options.includes('i') ? 'i' : '')
  return lines.filter((line) => wanted.test(line) !== options.includes('v'))
}

function sections(lines: readonly string[], pattern: RegExp) {
  const kept = new Set<number>()
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '!' || !pattern.test(line)) continue
    for (const parent of parentsOf(lines, index)) kept.add(parent)
    kept.add(index)
    for (let below = index + 1; below < lines.length && indent(lines[below] ?? '') > indent(line); below += 1)
      kept.add(below)
  }
  return lines.filter((_, index) => kept.has(index))
}

function parentsOf(lines: readonly string[], index: number) {
  const parents: number[] = []
  let depth = indent(lines[index] ?? '')
  for (let above = index - 1; above >= 0 && depth > 0; above -= 1) {
    const line = lines[above] ?? ''
    if (line.trim() === '' || indent(line) >= depth) continue
    parents.push(above)
    depth = indent(line)
  }
  return parents
}

function indent(line: string) {
  return line.length - line.trimStart().length
}

function expression(pattern: string, flags = 'i') {
  try {
    return new RegExp(pattern, flags)
  } catch {
    return new RegExp(pattern.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), flags)
  }
}
