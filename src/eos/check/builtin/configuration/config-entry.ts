import { capturesWithin } from '../../../../text/source/bounded-pattern.ts'
import { redact } from '../../../config/secrets/redact.ts'
import { type Finding, tooSlow } from '../../finding/finding.ts'
import type { ConfigEntry } from './config-rule.ts'
import type { ConfigSection } from './config-section.ts'

const OPERATORS = {
  le: { sign: '<=', holds: (actual: number, bound: number) => actual <= bound },
  ge: { sign: '>=', holds: (actual: number, bound: number) => actual >= bound },
  eq: { sign: '==', holds: (actual: number, bound: number) => actual === bound },
} as const

const SUBJECTS = { exact: 'Command', contains: 'Substring', regex: 'Pattern' } as const

/** What is wrong with the commands of each section. */
export function entryFindings(entry: ConfigEntry, sections: readonly ConfigSection[]): readonly (readonly Finding[])[] {
  const commands = sections.map((section) => Object.keys(section.commands))
  const found = commandsOf(entry, commands)
  if (found === undefined) return [[tooSlow(entry.match)]]
  return sections.map((section, index) => {
    const subject = `${entry.description ? `${entry.description} - ` : ''}${subjectOf(entry, section)}`
    return faultsOf(entry, found[index] ?? []).map((fault) => ({ fault: `${subject} - ${fault}` }))
  })
}

interface FoundCommand {
  readonly command: string
  /** What the first group of the pattern captured. */
  readonly captured?: string | undefined
}

/** The commands of each section that an entry is about. Its pattern meets those of all sections together: see capturesWithin. */
function commandsOf(
  { match, mode }: ConfigEntry,
  sections: readonly (readonly string[])[],
): readonly (readonly FoundCommand[])[] | undefined {
  if (mode !== 'regex') {
    const isFound = (command: string) => (mode === 'exact' ? command === match : command.includes(match))
    return sections.map((commands) => commands.filter(isFound).map((command) => ({ command })))
  }
  const captures = capturesWithin(match, sections.flat())?.values()
  return captures === undefined
    ? undefined
    : sections.map((commands) =>
        commands.flatMap((command) => {
          const found = captures.next().value
          return found ? [{ command, captured: found[1] }] : []
        }),
      )
}

function subjectOf({ match, mode, threshold }: ConfigEntry, { path }: ConfigSection): string {
  const where = path.length === 0 ? 'in the running-config' : `in '${path.join(' > ')}'`
  if (!threshold) return `${SUBJECTS[mode]} '${match}' ${where}`
  return `Captured value of '${match}' ${OPERATORS[threshold.operator].sign} ${threshold.value} ${where}`
}

function faultsOf({ mode, absent, threshold }: ConfigEntry, found: readonly FoundCommand[]): readonly string[] {
  if (absent && found.length > 0) return [mode === 'regex' ? 'Expected to not match' : 'Expected to be absent']
  if (absent) return []
  if (found.length === 0) return ['Not found']
  return threshold ? found.flatMap((one) => boundFaults(one, threshold)) : []
}

function boundFaults(
  { command, captured = 'None' }: FoundCommand,
  { value, operator }: NonNullable<ConfigEntry['threshold']>,
): readonly string[] {
  // What redaction takes out of the command is not for a message.
  const isShown = redact(command).includes(captured) || captured === 'None'
  if (!/^\s*[+-]?\d+\s*$/.test(captured)) {
    return [`Captured value '${isShown ? captured : '<redacted>'}' is not an integer`]
  }
  return OPERATORS[operator].holds(Number(captured), value)
    ? []
    : [`Actual: ${isShown ? Number(captured) : '<redacted>'}`]
}
