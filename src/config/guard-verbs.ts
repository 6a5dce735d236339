import { COMMAND, commandRow, type Outline, rawRow, TRIVIA } from './outline.ts'
import { scanOutline } from './scan.ts'

/** A line of a change that does more than configure, or that configures who may. */
export interface VerbFinding {
  /** The position of the line in the change, from 0. */
  readonly index: number
  /** The line, trimmed. */
  readonly line: string
  /** The full keyword it stands for, as `allow` names it: `copy`, `management api`, `redirect`. */
  readonly verb: string
  /** `refused` keeps the change from being planned; `named` is only shown in the plan. */
  readonly act: 'refused' | 'named'
}

/** Commands that act at once, whatever session they are typed in. */
const actsAtOnce = [
  'configure',
  'commit',
  'abort',
  'bash',
  'copy',
  'reload',
  'write',
  'rollback',
  'delete',
  'erase',
  'format',
  'rename',
  'clear',
  'reset',
  'install',
  'zerotouch',
]
/** Commands that leave the mode in which the change is read. A whole candidate ends with `end`, and they are never sent. */
const leaving = ['exit', 'end', 'quit', 'disable']
/** How a whole candidate closes its blocks. */
const closing = ['exit', 'end']
/** Configuration that runs programs or decides who may log in. */
const privileged = ['event-handler', 'daemon', 'alias', 'management api', 'aaa', 'username']
const privilegedInReplace = ['event-handler', 'daemon', 'alias', 'management', 'aaa', 'username']

/** Whether each word of a verb is abbreviated by the word at its place: EOS takes any unique beginning for the word. */
function isShortFor(words: readonly string[], verb: string): boolean {
  return verb.split(' ').every((full, n) => {
    const word = words[n]
    return word !== undefined && word !== '' && full.startsWith(word.toLowerCase())
  })
}

/** The verb that a command stands for, `no` and `default` aside, short or not: to negate it is no less. */
function verbOf(line: string, verbs: readonly string[]): string | undefined {
  const words = line.split(/\s+/)
  const isNegated = ['no', 'default'].some((negation) => isShortFor(words, negation))
  const readings = isNegated ? [words.slice(1), words] : [words]
  return readings.flatMap((reading) => verbs.find((verb) => isShortFor(reading, verb)) ?? [])[0]
}

/** Lines whose text is a program, an expression or prose, in which `>` and `|` are not the switch's own. */
const freeText = /^(?:description|remark|alias|action|condition|exec|snmp-server (?:contact|location))\b|^!!/

/** `| redirect`, `| tee`, `| append` (abbreviated too) and `> file` write a file instead of showing something. */
function redirects(line: string): boolean {
  if (freeText.test(line)) return /^description\b.*\|\s*(?:redirect|append|tee)\b/.test(line)
  return /\|\s*(?:red(?:i(?:r(?:e(?:ct?)?)?)?)?|app(?:e(?:nd?)?)?|tee)(?:\s|$)|(?:^|\s)>{1,2}\s*\S+$/.test(line)
}

type Judge = (line: string, outline: Outline, row: number) => Pick<VerbFinding, 'verb' | 'act'> | undefined

const judgeMerge: Judge = (line) => {
  const verb = verbOf(line, [...leaving, ...actsAtOnce, ...privileged]) ?? (redirects(line) ? 'redirect' : undefined)
  return verb === undefined ? undefined : { verb, act: 'refused' }
}

const judgeReplace: Judge = (line, outline, row) => {
  if (closing.includes(line)) return undefined
  const verb = verbOf(line, [...leaving, ...actsAtOnce]) ?? (redirects(line) ? 'redirect' : undefined)
  if (verb !== undefined) return { verb, act: 'refused' }
  const named = outline.parent[row] === -1 ? verbOf(line, privilegedInReplace) : undefined
  return named === undefined ? undefined : { verb: named, act: 'named' }
}

const isAllowed = (verb: string, allow: readonly string[]): boolean =>
  allow.includes(verb) || allow.includes(verb.split(' ')[0] ?? verb)

/**
 * The lines of a change that escape its mode, act at once, or decide who may log in; by any abbreviation that EOS takes
 * (security 6.2). Texts of banners and other heredocs are not commands and are passed over.
 *
 * A `merge` is refused for each, `!` included, unless `allow` names its verb. A `replace` states a whole configuration and
 * so must hold most of them: verbs that act at once and redirects are refused, `daemon`, `event-handler`, `alias`, `aaa`,
 * `username` and `management` at the root are named (design 4).
 */
export function execVerbs(
  lines: readonly string[],
  mode: 'merge' | 'replace',
  allow: readonly string[] = [],
): VerbFinding[] {
  const outline = scanOutline(lines.join('\n'))
  const judge = mode === 'merge' ? judgeMerge : judgeReplace
  const findings: VerbFinding[] = []
  for (let row = 0; row < outline.rows; row += 1) {
    const line = rawRow(outline, row).trim()
    if (outline.kind[row] === TRIVIA && line !== '' && mode === 'merge') {
      findings.push({ index: row, line, verb: '!', act: 'refused' })
    }
    const found = outline.kind[row] === COMMAND ? judge(commandRow(outline, row), outline, row) : undefined
    if (found) findings.push({ index: row, line, ...found })
  }
  return findings.filter(({ verb, act }) => act === 'named' || !isAllowed(verb, allow))
}
