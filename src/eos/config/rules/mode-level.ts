import { parseVerb } from '../text/command-line.ts'
import { type Mode, printedIn } from './mode-stack.ts'
import { isComment } from './placement.ts'
import { isUntabled, meaningOf } from './rules.ts'

/** A mode of the path that an editor is in, and how its lines were indented. */
export interface Level extends Mode {
  /** How deep the command that opened the mode was indented, as typed. */
  readonly indent: number
  /** The same of the first command in the mode; undefined before there is one. */
  childIndent?: number
}

/** How deep a line is indented, as typed. */
export const indentOf = (raw: string): number => raw.length - raw.trimStart().length

/** How much an open mode that takes any command knows about one. */
const ANY = 1

/**
 * The depth of the mode that a command belongs to: of the modes of a path the one that knows it best, the innermost of
 * several. The modes below are left (docs/eos.md 4.5). Indentation decides only
 * where the rules do not: a line stays in a mode it is indented below unless a mode above knows more of it than the
 * feature, and an unknown one leaves a mode whose lines were indented deeper.
 */
export function depthFor(levels: readonly Level[], line: string, indent: number): number {
  const bare = parseVerb(line).line
  const first = deepestInTables(levels, indent)
  const printed = levels.findLastIndex((level) => printedIn(level, line) !== undefined)
  // A mode below that has a rule for it takes it, as `router-id` in a VRF whose router has the same one.
  if (printed > 0 && !levels.slice(printed + 1, first + 1).some(({ name }) => knows(name, line))) return printed
  let best = { depth: first, weight: -1 }
  for (let depth = first; depth >= 0; depth--) {
    const level = levels[depth]
    if (!level) break
    const weight = isComment(line) ? ANY + 1 : Math.floor(meaningOf(level.name, bare).weight)
    if (weight > best.weight) best = { depth, weight }
    const isBelow = depth > 0 && indent > level.indent
    if (isBelow && (weight > ANY || isUntabled(level.name))) break
  }
  return best.weight > ANY ? best.depth : deepestByIndent(levels, indent)
}

/** Whether a mode has a rule for a command. */
export function knows(mode: string, line: string): boolean {
  return meaningOf(mode, parseVerb(line).line).weight > ANY
}

/** Whether a mode whose commands were indented ends before a line that is not. */
function endsBefore(level: Level | undefined, indent: number): boolean {
  return level?.childIndent !== undefined && level.childIndent > level.indent && indent <= level.indent
}

function deepestByIndent(levels: readonly Level[], indent: number): number {
  let depth = levels.length - 1
  while (depth > 0 && endsBefore(levels[depth], indent)) depth--
  return depth
}

/** The deepest mode a line can belong to: one whose commands are not in tables ends where the indentation does. */
function deepestInTables(levels: readonly Level[], indent: number): number {
  let depth = levels.length - 1
  while (depth > 0 && isUntabled(levels[depth]?.name ?? '') && endsBefore(levels[depth], indent)) depth--
  return depth
}
