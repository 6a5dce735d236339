import { compilePattern, FEATURE, matchPattern, meaningOf } from '../rules/rules.ts'
import { type TypedLine, typedLines } from '../rules/typed-lines.ts'
import { shortKeyword } from '../secrets/secrets.ts'
import {
  BODY,
  heredocBodies,
  isFreeText,
  isTerminator,
  type Outline,
  parseVerb,
  rawRow,
  scanOutline,
  TRIVIA,
} from '../text/tree.ts'
import { EXEC_COMMANDS, EXEC_WORDS, execWord } from './exec-words.ts'
import { ASKING_WORDS, guardedWord, LEAVING_WORDS, negationOf } from './guarded-words.ts'
import { beginsHere, beginsLine } from './judge-line.ts'
import { isRootForm, ROOT_WORDS, writtenOut } from './root-forms.ts'
import { aliasesOf, isNamed, type PlacedLine } from './typed-blocks.ts'

const wordsIn = (line: string) =>
  line
    .trim()
    .replace(/["'`\\]/g, '')
    .split(/\s+/)

function positiveWords(line: string) {
  const words = wordsIn(line)
  return words.slice(words.findIndex((word) => !/^(?:no|default)$/i.test(word)))
}

// Whether each word of a verb is abbreviated by the word at its place: EOS takes any unique beginning for the word.
function isShortFor(words: readonly string[], verb: string) {
  return verb.split(' ').every((full, n) => {
    const word = words[n]
    return word !== undefined && word !== '' && full.startsWith(word.toLowerCase())
  })
}

// Whether a shell of a forwarding chip is behind words of the configuration: `platform trident shell`, `platform fap diag`.
const isShell = ([word, ...rest]: readonly string[]) =>
  word === 'platform' && rest.some((one) => /^(?:sh(?:e(?:ll?)?)?|di(?:ag?)?)$/i.test(one))

// Whether a line has `show tech-support` run another command than one that shows, by whoever asks for it. `header`: of its submode.
const isCollected = (header: string | undefined, words: readonly string[]) =>
  header === 'policy show tech-support' && isShortFor(words, 'include command') && words[2] !== 'show'

// An exec command that has a `no` sets up something, which a switch may print.
const isPrinted = (word: string) =>
  beginsLine(word) || EXEC_COMMANDS.some(({ command }) => command.startsWith(`no ${word} `))

// Undefined for what passes nowhere: no mode of EOS has lines that begin so, so that a switch that seems to print it prints a text. @param
// commands every command of the change
function ownPlaces(
  typed: TypedLine,
  because: string,
  commands: readonly TypedLine[],
): readonly PlacedLine[] | undefined {
  // At the root `allow` lets a line pass that decides who may do what.
  const isAsked = because === 'exec' || (because === 'privileged' && typed.mode !== 'root')
  const [word = ''] = positiveWords(typed.line)
  if (!isAsked || LEAVING_WORDS.includes(word) || !isPrinted(word)) return undefined
  const path = [...typed.above, typed.line]
  const below = commands.filter(({ above }) => path.every((line, depth) => above[depth] === line))
  return [typed, ...below].map(({ above, line }) => ({ above, line }))
}

// The rule tables know some of them by the name of their feature alone, which would take `dot1x re-authenticate` under an interface. Source:
// the submodes of the recorded configurations, and the EOS manual's command lists by mode.
const forms: readonly (readonly [header: RegExp, patterns: readonly string[], only?: RegExp])[] = [
  [
    /^(?:interface|qos profile) /,
    [
      'dot1x aaa|authentication|authorization|credential|default|eapol|host-mode|mac|pae|port-control|reauthentication',
      'dot1x reauthorization|timeout|unauthorized|vlan',
    ],
  ],
  [/^dot1x$/, ['vlan', 'mac', 'aaa unresponsive', 'aaa accounting update', 'captive-portal', 'radius']],
  [/^evpn ethernet-segment$/, ['redundancy single-active|all-active']],
  [/^actions$/, ['log $']],
  [/^class /, ['log $']],
  // The key is hexadecimal: `license import` and `license update` name a file or nothing.
  [/^mac security$/, ['license * *'], /^license \S+ [\da-f]+$/i],
  [/^poe$/, ['reboot action']],
  [/^management ssh$/, ['user|username * $']],
  [/^(?:monitor telemetry influx|destination influxdb \S+)$/, ['username * password']],
  [/^vmtracer session /, ['username * $']],
  [/^management accounts$/, ['session default-limit *']],
  [/^mpls rsvp$/, ['refresh interval|method *']],
  [/^router bfd$/, ['session stats']],
  [/^router bgp /, ['session tracker']],
  [/^segment-routing srv6$/, ['locator *']],
  [/^management (?:api|ssh|console|telnet)/, ['session timeout', 'session privilege']],
  [/^management security$/, ['session shared-secret']],
  [/^address-family /, ['install map']],
  [/^exporter /, ['format ipfix|sflow']],
  [/./, ['tcp mss']],
  [/^ipv[46]$/, ['routing $']],
]

const compiled = forms.map(
  ([header, patterns, only = /./]) => [header, patterns.flatMap(compilePattern), only] as const,
)

function isSubmodeForm(header: string, words: readonly string[]) {
  return compiled.some(
    ([opens, patterns, only]) =>
      opens.test(header) &&
      only.test(words.join(' ')) &&
      patterns.some((pattern) => matchPattern(pattern, words) !== undefined),
  )
}

const SUBMODE_WORDS: ReadonlySet<string> = new Set(
  forms.flatMap(([, patterns]) => patterns.map((pattern) => pattern.split(' ')[0] ?? '')),
)

export interface VerbFinding {
  readonly index: number
  readonly line: string
  /** The full keyword it stands for, as `allow` names it: `copy`, `management api`, `redirect`. */
  readonly verb: string
  readonly because: GuardReason
  /**
   * `refused` keeps the change from being planned; `named` is only shown in the plan; `base`: whether it may be sent depends on
   * the switch's own running-config.
   */
  readonly act: 'refused' | 'named' | 'base'
  readonly own?: readonly PlacedLine[]
}

export type GuardReason =
  | 'exec'
  | 'do'
  | 'pipe'
  | 'leaves'
  | 'behind-end'
  | 'short'
  | 'privileged'
  | 'comment'
  | 'boot'
  | 'schedule'
  | 'unknown'
  | 'ends-text'
  | MisplacementReason

type Found = Pick<VerbFinding, 'verb' | 'because' | 'act' | 'own'>

const firstOf = (verb: string) => verb.split(' ')[0] ?? verb

const privileged = ASKING_WORDS.filter(({ because }) => because === 'privileged').map(({ word }) => word)
// Of `agent` the switch itself says what a merge may hold.
const privilegedAtRoot = privileged.filter((word) => word !== 'agent')
// Of `snmp-server` a whole configuration holds harmless lines too: both words count.
const BOTH_WORDS = /^snmp-server /
const privilegedInReplace = privileged.map((verb) => (BOTH_WORDS.test(verb) ? verb : firstOf(verb)))

const refusedFor = (because: GuardReason, verb: string): Found => ({ verb, because, act: 'refused' })

// A placeholder where a secret was, which another guard names.
const PLACEHOLDER = /(^|\s)<[\w:.-]+>(?=\s|$)/g

function pipes({ line, above }: TypedLine) {
  if (isFreeText(parseVerb(line).line, above.at(-1))) return undefined
  return /[|>]|(?:^|\s);|;(?:\s|$)/.test(line.replace(PLACEHOLDER, '$1')) ? refusedFor('pipe', 'redirect') : undefined
}

function runs(words: readonly string[]) {
  return words[0]?.toLowerCase() === 'do' ? refusedFor('do', 'do') : undefined
}

function closes({ line, mode }: TypedLine, of: Mode) {
  return (line === 'end' && mode === 'root') || (line === 'exit' && of === 'replace')
}

function leaves(typed: TypedLine, words: readonly string[]) {
  const word = words[0]?.toLowerCase() ?? ''
  const begun = word.length > 1 ? LEAVING_WORDS.find(begunBy(word)) : undefined
  const verb = LEAVING_WORDS.find((full) => full === word) ?? begun
  return verb === undefined || isKnownHere(typed, words, verb !== word) ? undefined : refusedFor('leaves', verb)
}

const begunBy = (word: string) => (full: string) => full.startsWith(word)

// What a merge may carry only by name, in any mode and by any abbreviation that EOS takes.
function privilegedIn(line: string, verbs: readonly string[]) {
  const words = positiveWords(line)
  const isNegated = ['no', 'default'].some((negation) => isShortFor(words, negation))
  const readings = isNegated ? [words.slice(1), words] : [words]
  return readings.flatMap((reading) => verbs.find((verb) => isShortFor(reading, verb)) ?? [])[0]
}

function isOfSubmode({ above }: TypedLine, words: readonly string[]) {
  const header = above.at(-1)
  return header !== undefined && isSubmodeForm(header, words)
}

function bootOrSchedule(
  { line, mode }: TypedLine,
  words: readonly string[],
  allow: readonly string[],
): Found | undefined | 'known' {
  const word = mode === 'root' ? words[0]?.toLowerCase() : undefined
  if (word === 'boot') {
    if (words[1] === 'secret' || words[1] === 'system') return { verb: 'boot', because: 'boot', act: 'base' }
    return refusedFor('boot', 'boot')
  }
  if (word !== 'schedule') return undefined
  const isHarmless = /^(?:no|default) +schedule /.test(line) || HARMLESS.test(line)
  return isHarmless || isAllowed('schedule', allow) ? 'known' : refusedFor('schedule', 'schedule')
}

// What is in front of `command` is known word by word: a shortened `command` would hide the command itself, and `show tech-support` be its
// argument.
const HARMLESS = new RegExp(
  [
    /^schedule config (?:max-concurrent-jobs \d+|prepend-hostname-logfile)$/,
    /^schedule \S+(?: (?:now|once|at|interval|timeout|max-log-files|logging|verbose|loglocation|\d[\d:/-]*|[a-z]+:\S*))* command show tech-support$/,
  ]
    .map(({ source }) => source)
    .join('|'),
)

function isKnownHere({ mode, above, line }: TypedLine, words: readonly string[], isShort: boolean) {
  const header = above.at(-1)
  if (header === undefined) return false
  if (isSubmodeForm(header, words) || isAliasLine(header, line)) return true
  // A keyword of the mode, written out, is short for nothing: `locator` is no `locator-led`.
  return isShort && (meaningOf(mode, words.join(' ')).weight > FEATURE || beginsHere(above, words))
}

// A line of an alias is a program behind its number.
const isAliasLine = (header: string, line: string) => /^alias \S+$/.test(header) && /^\d+\s/.test(line)

function atRoot(words: readonly string[], of: Mode): Found | undefined {
  if (isShell(words)) return refusedFor('exec', 'platform')
  // `environment` is all that is known of it: a variable may have the agent load any library.
  if (isRootForm(words))
    return words[0] === 'agent' && of === 'merge' ? { verb: 'agent', because: 'privileged', act: 'base' } : undefined
  const [word = ''] = words
  const exec = execWord(word)
  const short = writtenOut(words) ?? negationOf(word)
  if (short !== undefined && isMeant(short, exec, word)) return refusedFor('short', short)
  if (exec === undefined) return { verb: 'unknown-lines', because: 'unknown', act: 'base' }
  // The same word begins configuration: the switch may have such a line.
  if (exec === word && ROOT_WORDS.has(exec)) return { verb: exec, because: 'exec', act: 'base' }
  return refusedFor('exec', exec)
}

const isMeant = (short: string, exec: string | undefined, word: string) =>
  exec === undefined || ROOT_WORDS.has(exec) || (short.includes(' ') && exec !== word.toLowerCase())

function inSubmode(typed: TypedLine, words: readonly string[]) {
  if (isShell(words)) return refusedFor('exec', 'platform')
  if (isCollected(typed.above.at(-1), words)) return refusedFor('exec', words[2] ?? '')
  if (isRootForm(words)) return undefined
  const [word = ''] = words
  const guarded = guardedWord(word)
  if (guarded === undefined) {
    const short = negationOf(word)
    return short === undefined ? undefined : refusedFor('short', short)
  }
  const isHere = isKnownHere(typed, words, guarded.word !== word.toLowerCase())
  return isHere ? undefined : refusedFor(guarded.because, guarded.word)
}

/** Whether a first word, written out, is `do` or begins exec commands and nothing else, in whatever mode it is typed. */
export function isExecAlone(word: string): boolean {
  const typed = word.toLowerCase()
  return typed === 'do' || (EXEC_WORDS.has(typed) && !ROOT_WORDS.has(typed) && !SUBMODE_WORDS.has(typed))
}

type Mode = 'merge' | 'replace'

function ofProfile({ row, line, above }: TypedLine): TypedLine | undefined {
  const isProfile = above.at(-1)?.startsWith('interface profile ') === true
  const command = isProfile ? /^comma(?:nd?)? (.+)$/i.exec(positiveWords(line).join(' '))?.[1] : undefined
  return command === undefined ? undefined : { row, line: command, mode: 'interface', above: ['interface Ethernet1'] }
}

function asks(typed: TypedLine, words: readonly string[], mode: Mode, allow: readonly string[]) {
  const isRoot = typed.mode === 'root'
  if ((mode === 'replace' && isRoot) || isOfSubmode(typed, words)) return undefined
  const inMerge = isRoot ? privilegedAtRoot : privileged
  const verb = privilegedIn(typed.line, mode === 'merge' ? inMerge : privilegedInReplace)
  if (verb === undefined) return undefined
  if (mode === 'replace' || !(isAllowed(verb, allow) || (isRoot && mayChangeUsers(words, allow))))
    return refusedFor('privileged', verb)
  // What is allowed must still be a line that the tables know, written out.
  return isRoot || words[0] === firstOf(verb) ? undefined : refusedFor('short', verb)
}

function judge(typed: TypedLine, mode: Mode, allow: readonly string[]): Found | undefined {
  const { line } = typed
  const inProfile = ofProfile(typed)
  if (inProfile !== undefined) return judge(inProfile, mode, allow)
  const words = positiveWords(line)
  const isRoot = typed.mode === 'root'
  if (closes(typed, mode)) return undefined
  // Nothing else would know the secret behind it.
  const keyword = shortKeyword(line)
  if (keyword !== undefined) return refusedFor('short', keyword)
  const found = pipes(typed) ?? runs(words) ?? leaves(typed, words)
  if (found !== undefined) return found
  if (line.startsWith('!!')) return isTerminator(line.slice(2)) ? refusedFor('ends-text', 'EOF') : undefined
  const asked = asks(typed, words, mode, allow)
  if (asked !== undefined) return asked
  const settled = bootOrSchedule(typed, words, allow)
  if (settled === 'known') return undefined
  const other = settled ?? (isRoot ? atRoot(words, mode) : inSubmode(typed, words))
  if (other !== undefined || mode === 'merge' || !isRoot) return other
  const shown = privilegedIn(line, privilegedInReplace)
  return shown === undefined ? undefined : { verb: shown, because: 'privileged', act: 'named' }
}

// The commands of users that `allow: [users]` lets a merge carry, written out, at the root; other `aaa` decides who may do what, and for whom.
const OF_USERS = [['username'], ['aaa', 'root']] as const

function mayChangeUsers(words: readonly string[], allow: readonly string[]) {
  return allow.includes('users') && OF_USERS.some((command) => command.every((word, at) => words[at] === word))
}

const isAllowed = (verb: string, allow: readonly string[]) =>
  // What takes commands from elsewhere is no address of a switch.
  verb !== 'management xmpp' && (allow.includes(verb) || allow.includes(firstOf(verb)))

/** The lines of a change that escape its mode, act at once, decide who may log in, or that nothing knows. What is known is an allow list: the forms of the configuration's root, written out, and in a submode everything but what begins an exec command ([exec commands](../../docs/reference/exec-commands.md)). */
export function execVerbs(lines: readonly string[], mode: Mode, allow: readonly string[] = []): VerbFinding[] {
  const outline = scanOutline(lines.join('\n'))
  const found = new Map<number, Found>()
  let isEnded = false
  const commands = typedLines(outline, mode)
  const aliases = aliasesOf(commands.filter(({ mode: of }) => of === 'root').map(({ line }) => line))
  const misplaced = misplacedLines(outline, commands)
  for (const typed of commands) {
    const isBehind = isEnded && typed.line !== 'end'
    const finding = isBehind ? refusedFor('behind-end', 'end') : aliased(typed, aliases, judge(typed, mode, allow))
    const why = misplaced.get(typed.row)
    const settled = finding?.act === 'refused' || why === undefined ? finding : refusedFor(why, typed.line)
    if (settled !== undefined) found.set(typed.row, withOwn(settled, typed, commands))
    isEnded ||= typed.mode === 'root' && typed.line === 'end'
  }
  if (mode === 'merge' && !allow.includes('!'))
    for (const row of comments(outline)) found.set(row, refusedFor('comment', '!'))
  return [...found]
    .sort(([a], [b]) => a - b)
    .map(([index, one]) => ({ index, line: rawRow(outline, index).trim(), ...one }))
}

function withOwn(found: Found, typed: TypedLine, commands: readonly TypedLine[]) {
  const own = found.act === 'refused' ? ownPlaces(typed, found.because, commands) : undefined
  return own === undefined ? found : { ...found, own }
}

function aliased({ line }: TypedLine, aliases: ReadonlySet<string>, judged: Found | undefined) {
  if (judged?.act === 'refused' || !isNamed(aliases, line)) return judged
  return refusedFor('exec', positiveWords(line)[0] ?? '')
}

function comments(outline: Outline) {
  const rows = Array.from({ length: outline.rows }, (_, row) => row)
  return rows.filter((row) => outline.kind[row] === TRIVIA && rawRow(outline, row).trim() !== '')
}

type MisplacementReason = 'nested' | 'no-text' | 'text'

function misplacedLines(outline: Outline, typed: readonly TypedLine[]): ReadonlyMap<number, MisplacementReason> {
  const byRow = new Map(typed.map((one) => [one.row, one]))
  const found = new Map<number, MisplacementReason>()
  for (const one of typed) {
    const parent = byRow.get(outline.parent[one.row] ?? -1)
    const why = parent !== undefined && opensNothing(parent) ? 'nested' : textFault(outline, one)
    if (why !== undefined) found.set(one.row, why)
  }
  return found
}

function opensNothing({ line, mode }: TypedLine) {
  const { verb, line: bare } = parseVerb(line)
  const { block, kind, weight } = meaningOf(mode, bare)
  if (block !== undefined) return verb === 'no'
  return verb !== '' || kind === 'single' || kind === 'toggle' || (kind !== 'unknown' && weight > FEATURE)
}

function textFault({ kind }: Outline, { row, line, above }: TypedLine): MisplacementReason | undefined {
  const header = above.at(-1)
  // Another system reads the text up to a character that is given here.
  if (header === undefined && /^banner (?:exec|login|motd) \S/.test(line)) return 'no-text'
  if (heredocBodies(line, header) === 0) return undefined
  if (kind[row + 1] !== BODY) return 'no-text'
  return readsText(line, header) ? undefined : 'text'
}

// Source: the EOS manual's commands that read a text, each with the mode that it belongs to.
function readsText(line: string, header: string | undefined) {
  if (line === 'comment') return true
  if (header === undefined) return /^banner (?:exec|login|motd)$/.test(line)
  if (line === 'action bash') return header.startsWith('event-handler ')
  if (line === 'protocol https certificate') return header === 'management api http-commands'
  return header === 'control-functions' && /^code(?: unit \S+)?$/.test(line)
}
