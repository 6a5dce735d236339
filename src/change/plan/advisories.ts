import { z } from 'zod'
import type { ConfigChange } from '../../eos/config/diff/diff.ts'
import { type CommandPattern, compilePattern, matchPattern, wordsOf } from '../../eos/config/rules/pattern.ts'
import { parseVerb } from '../../eos/config/text/command-line.ts'
import type { ConfigNode, ConfigTree } from '../../eos/config/text/tree.ts'
import { once } from '../../model/once.ts'
import type { ValueOrProblems } from '../../model/problem.ts'
import { parseWith } from '../../text/source/parse-with.ts'
import { readYaml } from '../../text/source/yaml.ts'

// The forms of affected versions: `<4.33` all before a train, `4.33.*` a train, `4.33.0-8` some of it, `4.34.7` one of it, `4.34.7.0` that
// without a hotfix.
const VERSIONS = /^(?:<4\.\d+|4\.\d+\.(?:\*|\d+(?:-\d+|\.\d+)?))$/

/** Whether a version, as `show version` prints it (`4.31.4M`, `4.34.7.1M`), is among these. */
export function isAffected(eos: string, affected: readonly string[]): boolean {
  const [, minor, patch = '0', hotfix = '0'] = /^4\.(\d+)(?:\.(\d+))?(?:\.(\d+))?/.exec(eos) ?? []
  if (minor === undefined) return false
  const is = { minor: Number(minor), patch: Number(patch), hotfix: Number(hotfix) }
  return affected.some((versions) => isWithin(is, versions))
}

function isWithin({ minor, patch, hotfix }: Readonly<Record<'minor' | 'patch' | 'hotfix', number>>, versions: string) {
  const [, before, train, first, last, exact] = /^(<)?4\.(\d+)(?:\.(\d+|\*)(?:-(\d+)|\.(\d+))?)?$/.exec(versions) ?? []
  if (train === undefined) return false
  if (before !== undefined) return minor < Number(train)
  if (minor !== Number(train)) return false
  if (first === undefined || first === '*') return true
  if (exact !== undefined) return patch === Number(first) && hotfix === Number(exact)
  return patch >= Number(first) && patch <= Number(last ?? first)
}

/** A security advisory: what it is about, on which versions of EOS, and which lines switch that on. */
export interface Advisory {
  readonly id: string
  readonly about: string
  readonly url: string
  readonly affected: readonly string[]
  /** Commands by their places, outermost first, with ` / ` between them; in each `a|b` is one of these words, `*` any word, and more may follow. */
  readonly lines: readonly string[]
}

const text = z.string().min(1).max(300)

const schema = once(() =>
  z
    .strictObject({
      version: z.literal(1),
      source: text.describe('Who says so.'),
      date: z.iso.date().describe('Up to which day.'),
      advisories: z
        .array(
          z.strictObject({
            id: text.regex(/^[A-Za-z0-9-]+$/, 'letters, digits and hyphens: SA-117'),
            about: text,
            url: z.url({ protocol: /^https$/ }),
            affected: z
              .array(
                z
                  .string()
                  .regex(
                    VERSIONS,
                    'a train (4.33.*), versions of it (4.33.0-8), one (4.34.7.0) or all before a train (<4.33)',
                  ),
              )
              .min(1),
            lines: z.array(text).min(1).max(50),
          }),
        )
        .max(1000),
    })
    .meta({ id: 'advisories', title: 'eosflow advisories' }),
)

export function parseAdvisories(content: string | Uint8Array, file: string): ValueOrProblems<readonly Advisory[]> {
  const located = readYaml(content, file)
  if (!located.ok) return located
  const parsed = parseWith(schema(), located.value)
  return parsed.ok ? { ok: true, value: parsed.value.advisories } : parsed
}

interface ChangedConfig {
  readonly eos: string
  readonly before: ConfigTree
  readonly changes: readonly Pick<ConfigChange, 'sign' | 'path' | 'line' | 'verbatim'>[]
}

export interface AdvisoryMatch {
  readonly advisory: Advisory
  readonly line: string
}

/**
 * The advisories that added lines switch on: on a version that is affected, where no line of before did so already. Whether a switch is vulnerable
 * depends on more than a line; ANTA says it of a switch.
 */
export function switchedOn(
  advisories: readonly Advisory[],
  { eos, before, changes }: ChangedConfig,
): readonly AdvisoryMatch[] {
  const added = changes.filter(
    ({ sign, verbatim, line }) => sign === '+' && verbatim !== true && parseVerb(line).verb === '',
  )
  if (added.length === 0) return []
  return advisories.flatMap((advisory): AdvisoryMatch[] => {
    if (!isAffected(eos, advisory.affected)) return []
    const patterns = advisory.lines.flatMap(stepsOf)
    const found = added.find(({ path, line }) => patterns.some((steps) => fits(steps, [...path, line])))
    if (found === undefined || patterns.some((steps) => holds(before.children, steps))) return []
    return [{ advisory, line: [...found.path, found.line].join(' / ') }]
  })
}

type Steps = readonly (readonly CommandPattern[])[]

const compiled = new Map<string, Steps>()

function stepsOf(line: string) {
  const known = compiled.get(line) ?? line.split(' / ').map((step) => compilePattern(step.trim()))
  compiled.set(line, known)
  return [known]
}

function fits(steps: Steps, commands: readonly string[]) {
  return steps.length === commands.length && commands.every((command, depth) => isOne(steps[depth], command))
}

function isOne(forms: readonly CommandPattern[] | undefined, command: string) {
  const words = wordsOf(command.trim())
  return forms?.some((form) => matchPattern(form, words) !== undefined) === true
}

function holds(nodes: readonly ConfigNode[], [first, ...rest]: Steps): boolean {
  return nodes.some(({ line, children }) => isOne(first, line) && (rest.length === 0 || holds(children, rest)))
}
