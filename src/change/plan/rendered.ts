import { commandsOf, commandsOfLines } from '../../eos/config/commands.ts'
import {
  cleartextSecrets,
  execVerbs,
  type FaultWords,
  faultWords,
  type GuardReason,
  type KnownForm,
  otherBlanks,
  type SyntaxFinding,
  syntaxFindings,
  type UnsettledLine,
  unsafeLines,
  type VerbFinding,
} from '../../eos/config/guard/guard.ts'
import { redactTyped } from '../../eos/config/secrets/secrets.ts'
import { parseConfig } from '../../eos/config/text/parse.ts'
import type { Problem, ValueOrProblems } from '../../model/error.ts'
import { definedMembers, unlessEmpty } from '../../model/json.ts'
import { keptIn } from '../../model/once.ts'
import { TextMemory } from '../../model/text-memory.ts'
import type { RenderedChange } from '../task/act/rendered-change.ts'

function verbProblem({ line, verb, because }: VerbFinding, at: Problem['at']): Problem {
  const [why, hint] = words(verb)[because]
  return { code: 'exec-verb', message: `"${redactTyped(line)}" ${why}`, at, hint }
}

function unsettledProblem({ line, because, isAllowed, fault }: UnsettledLine, at: Problem['at']): Problem {
  const settled = settling(because, isAllowed)
  if (because === 'misspelt') return misspeltProblem(line, fault, settled, at)
  if (fault !== undefined) return misspeltProblem(line, fault, settled, at)
  const message = `"${redactTyped(line)}" ${UNSETTLED[because]}`
  return {
    code: because === 'boot' ? 'boot-line' : 'unknown-root-line',
    message,
    at,
    hint: settled,
  }
}

function misspeltProblem(line: string, { why, hint }: FaultWords, settled: string, at: Problem['at']): Problem {
  const mend = hint === undefined ? settled : `${hint} ${settled}`
  return { code: 'misspelt-word', message: `"${redactTyped(line)}": ${why}`, at, hint: mend }
}

// What is said of a line that EOS may not take, where nothing but the table of its syntax says so.
function doubtfulProblem({ line, fault }: SyntaxFinding, at: Problem['at']): Problem {
  const { why, hint = 'Look it up: a switch may refuse it, and then nothing is changed.' } = faultWords(line, fault)
  return { code: 'doubtful-line', message: `"${redactTyped(line)}": ${why}`, at, hint }
}

function settling(because: UnsettledLine['because'], isAllowed: boolean) {
  if (because === 'exec' || because === 'alias' || because === 'privileged')
    return 'Leave it out, or write it as show running-config of the switch prints it.'
  const word = because === 'boot' ? 'boot' : 'unknown-lines'
  if (isAllowed) return `\`allow: [${word}]\` lets it through: such a switch is planned without sending the line.`
  return because === 'boot'
    ? 'It passes where the switch has the same line already; a changed one needs `allow: [boot]` in the workflow.'
    : 'It passes where the switch has the same line; else it needs `allow: [unknown-lines]` in the workflow.'
}

const UNSETTLED: Readonly<Record<Exclude<UnsettledLine['because'], 'misspelt'>, string>> = {
  unknown: 'begins no command of the configuration that eosflow knows; the plan asks the switch whether it has it',
  boot: 'acts at once, an abort does not undo it; the plan asks the switch whether it has it',
  alias: 'begins with a name that the switch gives to commands',
  exec: 'may be a command that acts at once; the plan asks the switch whether it has it',
  privileged: 'can have an agent of the switch run other code; the plan asks the switch whether it has it',
}

function words(verb: string): Readonly<Record<GuardReason, readonly [why: string, hint: string]>> {
  const leaveOut =
    'Leave it out: a change configures; it does not leave its session, act at once or change who may log in.'
  const full = `Write it out: \`${verb}\`.`
  const carry = `is not a configuration line that a change may carry (${verb})`
  return {
    exec: [
      `runs a command at once, whatever session it is typed in (${verb})`,
      verb === 'write' ? 'Leave it out: a change is saved when it is confirmed.' : leaveOut,
    ],
    do: ['runs a command at once, whatever session it is typed in (do)', leaveOut],
    pipe: [
      `holds a pipe, a redirect or a second command (${verb})`,
      'Leave it out: `|`, `>` and `;` belong in descriptions and other free text alone.',
    ],
    leaves: [carry, leaveOut],
    'behind-end': ['follows the `end` of the text', 'Take the `end` out, or the lines behind it.'],
    short: [`is shortened (${verb})`, full],
    privileged: [carry, PASSED_BY[verb] ?? leaveOut],
    comment: [carry, leaveOut],
    boot: [carry, 'Of `boot` a change may carry `boot system` and `boot secret`, written out, at the root.'],
    schedule: [
      'runs a command by the clock (schedule)',
      'Write it out, at the root, and say `allow: [schedule]` in the workflow if this is meant.',
    ],
    unknown: [carry, leaveOut],
    'ends-text': [
      'ends the comment of which it is a line',
      'Leave it out: a switch takes a line `EOF` for the end of the text, and what follows for commands.',
    ],
    nested: [
      'is nested under a line that opens no block',
      'Write it in the block it belongs to, or at the left edge: the switch would read it, and what follows, in another mode.',
    ],
    'no-text': ['reads a text, and none that ends follows', 'Close the text with a line `EOF`.'],
    text: [
      'reads no text at this place',
      'The text of a banner, a comment, `action bash`, a certificate or a code unit belongs in its own block.',
    ],
  }
}

const PASSED_BY: Readonly<Record<string, string>> = {
  'management api': 'Leave it out, or say `allow: [management]` in the workflow if this is meant.',
  username: 'Leave it out, or say `allow: [users]` in the workflow if this is meant.',
  aaa: 'Leave it out; `aaa root` alone passes, with `allow: [users]` in the workflow.',
}

export interface GivenLines {
  readonly mode: 'merge' | 'replace'
  readonly lines: readonly string[]
  readonly file: string
}

/** The commands of a change, after the guards that need no switch: characters that show another line than is sent, lines that leave the session, act at once or that nothing knows, clear-text secrets that a switch would hash (ADR 0026, docs/transport.md#what-people-write). */
export function renderedChange(
  given: GivenLines,
  allow: readonly string[],
  known: readonly KnownForm[] = NONE,
): ValueOrProblems<RenderedChange> {
  const good = keptIn(passed, known, () => new TextMemory<RenderedChange>())
  // What is good is so in whatever file; what is wrong has its place in that.
  const text = JSON.stringify([given.mode, given.lines, allow])
  const before = good.get(text)
  if (before !== undefined) return { ok: true, value: before }
  const judged = judgedChange(given, allow, known)
  if (judged.ok) good.keep(text, judged.value)
  return judged
}

const NONE: readonly KnownForm[] = []

const passed = new WeakMap<readonly KnownForm[], TextMemory<RenderedChange>>()

function judgedChange(
  { mode, lines, file }: GivenLines,
  allow: readonly string[],
  known: readonly KnownForm[],
): ValueOrProblems<RenderedChange> {
  const findings = execVerbs(lines, mode, allow)
  const [first, ...others] = [
    ...unsafe(lines, file),
    ...blankProblems({ lines, mode, file }),
    ...verbs(findings, file),
    ...secrets(lines, file),
  ]
  if (first !== undefined) return { ok: false, problems: [first, ...others] }
  const sent = sentLines(lines, mode)
  const commands = mode === 'replace' ? commandsOf(parseConfig(`${sent.join('\n')}\n`)) : commandsOfLines(sent)
  const { syntax, meant } = syntaxOf(findings, lines, mode, known)
  const unsettled = [
    ...findings.flatMap((one) => unsettledLine(one, allow, meant) ?? []),
    ...syntax.flatMap((one) => misspeltLine(one, allow) ?? []),
  ]
  const doubtful = syntax
    .filter((one) => !isMisspelt(one))
    .map(({ line, above, form, fault }) => ({ line, above, form, why: faultWords(line, fault).why }))
  if (commands.length > 0 || mode === 'merge') {
    return {
      ok: true,
      value: {
        mode,
        lines: sent,
        commands,
        ...definedMembers({ unsettled: unlessEmpty(unsettled), doubtful: unlessEmpty(doubtful) }),
      },
    }
  }
  return {
    ok: false,
    problems: [
      {
        code: 'empty-change',
        message: 'the candidate has no commands: it would wipe the switch',
        at: place(file, 0),
        hint: 'Check the template and its parameters.',
      },
    ],
  }
}

/**
 * What is wrong with the lines of a change where no switch is asked, and what the plan will ask a switch about: a line that may
 * be an exec command, and one with a word that no configuration of EOS has, is wrong here, although the switch may have it.
 *
 * @param isTaken whether switches like those of the change have taken lines of a form: nothing is said of these lines
 */
export function judgedLines(
  { mode, lines, file }: GivenLines,
  allow: readonly string[],
  known: readonly KnownForm[] = NONE,
  isTaken: (form: string) => boolean = () => false,
): { readonly problems: readonly Problem[]; readonly warnings: readonly Problem[] } {
  const { findings, syntax, meant } = foundIn({ mode, lines }, allow, known)
  const asked = findings.flatMap((one) => {
    const at = { ...place(file, one.index), column: meant.get(one.index)?.column ?? 1 }
    // A merge states what is to change: a line of it that the switch has already is not meant for one that acts.
    if (one.own !== undefined && mode === 'merge') return [{ isWrong: true, problem: verbProblem(one, at) }]
    const line = unsettledLine(one, allow, meant)
    return line === undefined ? [] : [judgedLine(line, mode, at)]
  })
  const doubted = syntax.filter(({ form }) => !isTaken(form))
  const typed = doubted.map((one) => {
    const at = { ...place(file, one.index), column: one.column }
    const misspelt = misspeltLine(one, allow)
    return misspelt === undefined
      ? { isWrong: false, problem: doubtfulProblem(one, at) }
      : judgedLine(misspelt, mode, at)
  })
  const judged = [...asked, ...typed]
  return {
    problems: [
      ...blankProblems({ mode, lines, file }),
      ...verbs(findings, file),
      ...judged.filter(({ isWrong }) => isWrong).map(({ problem }) => problem),
    ],
    warnings: judged.filter(({ isWrong }) => !isWrong).map(({ problem }) => problem),
  }
}

function judgedLine(
  line: UnsettledLine,
  mode: GivenLines['mode'],
  at: Problem['at'],
): { readonly isWrong: boolean; readonly problem: Problem } {
  const isActing = line.because === 'exec' && mode === 'merge'
  const isWrong = isActing || (line.fault !== undefined && !line.isAllowed)
  return { isWrong, problem: unsettledProblem(line, at) }
}

function unsettledLine(
  { act, because, line, index, own }: VerbFinding,
  allow: readonly string[],
  meant: ReadonlyMap<number, SyntaxFinding>,
): UnsettledLine | undefined {
  if (own !== undefined) return { line, own, because: 'exec', isAllowed: false }
  if (act !== 'base') return undefined
  if (because !== 'unknown' && because !== 'boot' && because !== 'exec' && because !== 'privileged') return undefined
  const misspelt = because === 'unknown' ? meant.get(index) : undefined
  return {
    line,
    because,
    isAllowed: isAllowed(because, allow),
    ...definedMembers({ fault: misspelt && faultWords(line, misspelt.fault) }),
  }
}

interface Found extends ReturnType<typeof syntaxOf> {
  readonly findings: readonly VerbFinding[]
}

// What was found before, by the forms it was judged with: lines are judged as they are written and as they are rendered, for each switch, and
// once more by evidence.
const remembered = new WeakMap<readonly KnownForm[], TextMemory<Found>>()

function foundIn(
  { mode, lines }: Pick<GivenLines, 'mode' | 'lines'>,
  allow: readonly string[],
  known: readonly KnownForm[],
) {
  const memory = keptIn(remembered, known, () => new TextMemory<Found>())
  const text = JSON.stringify([mode, lines, allow])
  const before = memory.get(text)
  if (before !== undefined) return before
  const findings = execVerbs(lines, mode, allow)
  return memory.keep(text, { findings, ...syntaxOf(findings, lines, mode, known) })
}

function syntaxOf(
  findings: readonly VerbFinding[],
  lines: readonly string[],
  mode: GivenLines['mode'],
  known: readonly KnownForm[],
): { readonly syntax: readonly SyntaxFinding[]; readonly meant: ReadonlyMap<number, SyntaxFinding> } {
  const found = new Set(findings.map(({ index }) => index))
  const all = syntaxFindings(lines, mode, known)
  return {
    syntax: all.filter(({ index }) => !found.has(index)),
    meant: new Map(all.filter(isMisspelt).map((one) => [one.index, one])),
  }
}

const isMisspelt = ({ fault }: SyntaxFinding) => fault.kind === 'misspelt'

// A line with a word that no configuration of EOS has; undefined for any other.
function misspeltLine(
  { line, above, form: whole, fault }: SyntaxFinding,
  allow: readonly string[],
): UnsettledLine | undefined {
  if (fault.kind !== 'misspelt') return undefined
  const form = fault.behind === '' ? fault.word : `${fault.behind} ${fault.word}`
  return {
    line,
    own: [{ above, line }],
    because: 'misspelt',
    fault: faultWords(line, fault),
    form,
    whole,
    isAllowed: isAllowed('misspelt', allow),
  }
}

// The word of `allow` that lets through what its switch does not have; for the others there is none.
const ALLOWED_BY: Readonly<Partial<Record<UnsettledLine['because'], string>>> = {
  unknown: 'unknown-lines',
  boot: 'boot',
  misspelt: 'unknown-lines',
}

const isAllowed = (because: UnsettledLine['because'], allow: readonly string[]) =>
  allow.includes(ALLOWED_BY[because] ?? '')

function sentLines(lines: readonly string[], mode: GivenLines['mode']) {
  if (mode === 'replace') return lines
  const last = lines.findLastIndex((line) => line !== 'end' && line.trim() !== '')
  return lines.slice(0, last + 1)
}

const place = (file: string, index: number): Problem['at'] => ({ file, line: index + 1, column: 1 })

function unsafe(lines: readonly string[], file: string): Problem[] {
  return unsafeLines(lines).map(({ index, kind, found }) => ({
    code: kind,
    message: `the rendered line holds ${found}`,
    at: place(file, index),
    hint: 'A line of a change is one command of printable characters.',
  }))
}

export const OTHER_BLANK = 'other-blank'

export function blankProblems({ lines, mode, file }: GivenLines): Problem[] {
  return otherBlanks(lines, mode).map(({ row, index, message, hint }) => ({
    code: OTHER_BLANK,
    message: `here is ${message}`,
    at: { ...place(file, row), column: index + 1 },
    hint,
  }))
}

function verbs(findings: readonly VerbFinding[], file: string): Problem[] {
  return findings
    .filter(({ act, because, own }) => act === 'refused' && because !== 'comment' && own === undefined)
    .map((finding) => verbProblem(finding, place(file, finding.index)))
}

function secrets(lines: readonly string[], file: string): Problem[] {
  return cleartextSecrets(lines)
    .filter(({ kind }) => kind !== 'rewritten')
    .map(({ index, line, kind, mend }) => ({
      code: kind === 'scrubbed' ? 'scrubbed-secret' : 'clear-text-secret',
      message:
        kind === 'scrubbed'
          ? `"${line}" carries a placeholder where a secret was`
          : `"${line}" carries a clear-text secret, which the switch would store as another text each time`,
      at: place(file, index),
      hint: mend,
    }))
}
