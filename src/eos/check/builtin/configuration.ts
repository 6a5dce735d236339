import { z } from 'zod'
import { capturesWithin, matchesWithin } from '../../../text/source/bounded-pattern.ts'
import { redact, secretsIn } from '../../config/secrets/secrets.ts'
import { type OutputOf, recordOf, show, showText, tooSlow, verdictOf } from '../answer/show.ts'
import { defineVerify } from '../define/define-check.ts'
import { flag, integer, maybeText, pattern, someOf, word } from '../input/words.ts'

const OPERATORS = {
  le: { sign: '<=', holds: (actual: number, bound: number) => actual <= bound },
  ge: { sign: '>=', holds: (actual: number, bound: number) => actual >= bound },
  eq: { sign: '==', holds: (actual: number, bound: number) => actual === bound },
} as const

const SUBJECTS = { exact: 'Command', contains: 'Substring', regex: 'Pattern' } as const

function entryFindings(entry: ConfigEntry, sections: readonly ConfigSection[]) {
  const found = commandsOf(
    entry,
    sections.map((section) => Object.keys(section.commands)),
  )
  if (found === undefined) return [[tooSlow(entry.match)]]
  return sections.map((section, index) => {
    const subject = `${entry.description ? `${entry.description} - ` : ''}${subjectOf(entry, section)}`
    return faultsOf(entry, found[index] ?? []).map((fault) => ({ fault: `${subject} - ${fault}` }))
  })
}

interface FoundCommand {
  readonly command: string
  readonly captured?: string | undefined
}

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

function subjectOf({ match, mode, threshold }: ConfigEntry, { path }: ConfigSection) {
  const where = path.length === 0 ? 'in the running-config' : `in '${path.join(' > ')}'`
  if (!threshold) return `${SUBJECTS[mode]} '${match}' ${where}`
  return `Captured value of '${match}' ${OPERATORS[threshold.operator].sign} ${threshold.value} ${where}`
}

function faultsOf({ mode, absent, threshold }: ConfigEntry, found: readonly FoundCommand[]) {
  if (absent && found.length > 0) return [mode === 'regex' ? 'Expected to not match' : 'Expected to be absent']
  if (absent) return []
  if (found.length === 0) return ['Not found']
  return threshold ? found.flatMap((one) => boundFaults(one, threshold)) : []
}

function boundFaults(
  { command, captured = 'None' }: FoundCommand,
  { value, operator }: NonNullable<ConfigEntry['threshold']>,
) {
  // What redaction takes out of the command is not for a message.
  const isShown = redact(command).includes(captured) || captured === 'None'
  if (!/^\s*[+-]?\d+\s*$/.test(captured)) {
    return [`Captured value '${isShown ? captured : '<redacted>'}' is not an integer`]
  }
  return OPERATORS[operator].holds(Number(captured), value)
    ? []
    : [`Actual: ${isShown ? Number(captured) : '<redacted>'}`]
}

const threshold = () =>
  z.strictObject({
    value: integer().describe('The bound that the captured number is compared with.'),
    operator: z.enum(['le', 'ge', 'eq']).default('eq').describe('le: at most, ge: at least, eq: exactly.'),
  })

const configEntry = () =>
  z
    .strictObject({
      description: maybeText('What the entry is for; messages begin with it.'),
      match: word().describe('What a command is, contains or matches.'),
      mode: z
        .enum(['exact', 'contains', 'regex'])
        .default('exact')
        .describe('exact: the whole command, contains: a part of it, regex: a pattern.'),
      absent: flag('Whether no command may be so.'),
      threshold: threshold().nullish().describe('What the first capture group of the pattern is compared with.'),
    })
    .refine(({ mode, match }) => mode !== 'regex' || pattern().safeParse(match).success, {
      path: ['match'],
      error: 'expected a regular expression, such as mtu (\\d+)',
    })
    .refine(({ threshold, mode, match }) => !threshold || (mode === 'regex' && hasGroup(match)), {
      path: ['threshold'],
      error: 'a threshold needs `mode: regex` and a capture group in `match`',
    })
    .refine(({ threshold, absent }) => !threshold || !absent, {
      path: ['threshold'],
      error: 'a threshold has no meaning with `absent`',
    })

const configRule = () =>
  z
    .strictObject({
      section: z
        .array(pattern().min(1))
        .min(1)
        .nullish()
        .describe('Path of the section, each element its command or a pattern that is the whole of it.'),
      entries: z.array(configEntry()).describe('What to verify in the section; none: that it exists.'),
    })
    .refine(({ section, entries }) => section || entries.length > 0, {
      path: ['entries'],
      error: 'a rule without a section needs entries',
    })

type ConfigEntry = OutputOf<typeof configEntry>

// A type token, which is all that a rule says of a secret that it must not know.
const TYPE = /^(?:0|5|7|8a|md5|sha\d{3})$/

function secretsOf({ mode, match }: ConfigEntry) {
  if (mode === 'regex') return []
  return secretsIn(match).flatMap(({ value }) => (TYPE.test(value) ? [] : [value]))
}

function hasGroup(written: string) {
  try {
    return (new RegExp(`${written}|`).exec('')?.length ?? 0) > 1
  } catch {
    return false
  }
}

interface Commands {
  readonly [command: string]: { readonly cmds: Commands } | null
}

const commands: z.ZodType<Commands> = z.lazy(() => recordOf(z.object({ cmds: commands.default({}) }).nullable()))

// What `show running-config`, revision 1, tells.
const runningConfig = () => z.object({ cmds: commands })

interface ConfigSection {
  readonly path: readonly string[]
  readonly commands: Commands
}

function sectionsAt(top: ConfigSection, path: readonly string[]) {
  let sections: readonly ConfigSection[] = [top]
  for (const element of path) {
    const within: ConfigSection[] = []
    for (const section of sections) {
      const names = namesIn(section.commands, element)
      if (names === undefined) return { slow: element }
      within.push(...names.map((name) => sectionOf(section, name)))
    }
    sections = within
  }
  return sections
}

function namesIn(commands: Commands, element: string) {
  // A command without a section is none that a path leads to.
  const names = Object.keys(commands).filter((name) => commands[name] !== null)
  if (names.includes(element)) return [element]
  const found = capturesWithin(`^(?:${element})$`, names)
  return found === undefined ? undefined : names.filter((_, index) => found[index] !== null)
}

function sectionOf({ path, commands }: ConfigSection, name: string): ConfigSection {
  return { path: [...path, name], commands: commands[name]?.cmds ?? {} }
}

/** The switch would boot with what it runs. */
export const VerifyRunningConfigDiffs = defineVerify({
  summary: 'Verifies that running-config and startup-config are the same.',
  docs: 'Passes when the switch shows no difference, which is an empty answer. The message of a failure is the difference.',
  asks: showText('show running-config diffs'),
  judge: (diff) => (diff === '' ? [] : [diff]),
})

/** running-config has lines of some forms. */
export const VerifyRunningConfigLines = defineVerify({
  summary: 'Verifies that patterns are found in running-config.',
  docs: 'Passes when every pattern is found; ^ and $ are the ends of a line. VerifyRunningConfig knows sections and says more.',
  example: { regex_patterns: ['^logging host .*$', '^ip routing$'] },
  input: () => ({ regex_patterns: someOf(pattern(), 'Regular expressions.') }),
  asks: showText('show running-config'),
  judge: (config, { regex_patterns }) => {
    const found = regex_patterns.map((one) => ({ one, isFound: matchesWithin(one, config, 'm') }))
    const missing = found.filter(({ isFound }) => isFound === false).map(({ one }) => `'${one}'`)
    return verdictOf([
      ...found.filter(({ isFound }) => isFound === undefined).map(({ one }) => tooSlow(one)),
      ...(missing.length === 0 ? [] : [{ fault: `Following patterns were not found: ${missing.join(', ')}` }]),
    ])
  },
})

/** running-config is as rules say: sections that exist, commands that are and are not there, numbers within bounds. */
export const VerifyRunningConfig = defineVerify({
  summary: 'Verifies running-config against rules about its sections and commands.',
  docs: 'Passes when every section of a rule exists and each of its entries holds in each section that the path leads to. A rule without a section is about the commands of the top level.',
  example: {
    rules: [
      { entries: [{ match: 'ntp server', mode: 'contains', description: 'NTP server configured' }] },
      {
        section: ['interface Ethernet\\d+'],
        entries: [{ match: 'mtu (\\d+)', mode: 'regex', threshold: { value: 1500, operator: 'ge' } }],
      },
    ],
  },
  input: () => ({ rules: someOf(configRule(), 'Rules about running-config.') }),
  asks: show('show running-config', runningConfig),
  secrets: ({ rules }) => rules.flatMap(({ entries }) => entries.flatMap(secretsOf)),
  judge: ({ cmds }, { rules }) =>
    verdictOf(
      rules.flatMap(({ section, entries }) => {
        const sections = sectionsAt({ path: [], commands: cmds }, section ?? [])
        if ('slow' in sections) return [tooSlow(sections.slow)]
        if (sections.length === 0) {
          return [{ fault: `Section '${(section ?? []).join(' > ')}' in the running-config - Not found` }]
        }
        const found = entries.map((entry) => entryFindings(entry, sections))
        return sections.flatMap((_, index) => found.flatMap((one) => one[index] ?? []))
      }),
    ),
})

/** The switch does not fetch its configuration from somebody when it boots. */
export const VerifyZeroTouch = defineVerify({
  summary: 'Verifies that Zero Touch Provisioning is disabled.',
  docs: 'Passes when the mode is disabled: a switch in ZTP boots with what a server gives it.',
  asks: show('show zerotouch', () => ({ mode: z.string() })),
  judge: ({ mode }) => (mode === 'disabled' ? [] : ['ZTP is NOT disabled']),
})
