import { redact } from '../../eos/config/secrets/secrets.ts'
import { canonicalInterface } from '../../eos/config/text/interface-name.ts'
import { EosflowError, placeWords } from '../../model/error.ts'
import { gathered } from '../../model/json.ts'
import type { RefusedQuestion } from '../../model/refused-question.ts'
import { someNames } from '../task/act/some-names.ts'
import type { PlanDefinition, QuestionPlaces } from './definition.ts'
import type { PlanWarning } from './plan.ts'
import type { ComparedEvidence } from './seal.ts'

// Whatever else it says stays so after any change (docs/eos.md 1.4).
const LACKS =
  /does not exist|not found|no such|inactive|not (?:configured|running|enabled|active|present)|cannot assign requested address|could not run command/i
const FOR_GOOD =
  /incomplete|ambiguous|unconverted|over the API|privileged mode|denied|permi(?:ssion|tted)|authori[sz]|not allowed/i
// Over eAPI it names the word that it stops at.
const UNKNOWN = /Invalid input(?: \(at token \d+: '([^']*)'\))?/i

interface ChangedConfig {
  readonly added: readonly string[]
  readonly running: string
}

/** The word of a refused command that the change makes, so that the switch can answer only after it: a VRF, an interface, a neighbour, a protocol. A switch that does not know a command is excused only at the word that it stops at, and over SSH it names none. */
export function madeByChange(
  { command, says }: Pick<RefusedQuestion, 'command' | 'says'>,
  { added, running }: ChangedConfig,
): string | undefined {
  if (FOR_GOOD.test(says)) return undefined
  const words = command.split(/\s+/).slice(1)
  const unknown = UNKNOWN.exec(says)
  const named = words.find((word, at) => {
    const isMeant = unknown === null || word.toLowerCase() === unknown[1]?.toLowerCase()
    return isMeant && isNamedIn(added, word, words[at - 1] ?? '')
  })
  if (unknown !== null) return named
  if (!LACKS.test(says)) return undefined
  // Of what the switch itself names, all must be made or there: `VRF GUETS does not exist`, `BGP inactive`.
  const lacking = words.filter((word) => bareWords(says).includes(bare(word)))
  const [made, had] = [new Set(added.flatMap(partsOf)), new Set(partsOf(running))]
  if (named !== undefined)
    return lacking.every((word) => made.has(bare(word)) || had.has(bare(word))) ? named : undefined
  return lacking.every((word) => made.has(bare(word)) && !had.has(bare(word))) ? lacking[0] : undefined
}

function isNamedIn(lines: readonly string[], word: string, before: string) {
  const wanted = [canonical(word), canonical(before + word)]
  return lines.some((line) => {
    const words = line.trim().split(/\s+/)
    const isName = (one: string) => wanted.includes(one)
    if (words.filter((one) => !isPlain(one)).some((one) => isName(canonical(one)) || isName(withoutLength(one))))
      return true
    // A plain word names something only at the end of `vrf instance guests`, asked for as `vrf guests`.
    return words.length > 2 && isName(canonical(words.at(-1) ?? '')) && words.includes(before.toLowerCase())
  })
}

function isPlain(word: string) {
  return /^[a-z-]*$/.test(word)
}

function withoutLength(word: string) {
  return canonical(word.replace(/\/\d+$/, ''))
}

function bareWords(text: string) {
  return text.split(/\s+/).map(bare)
}

function bare(word: string) {
  return word.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
}

function canonical(word: string) {
  return canonicalInterface(word).toLowerCase()
}

function partsOf(text: string) {
  const words = text.toLowerCase().split(/\s+/)
  return words.flatMap((word) => [bare(word), /^[a-z]+/.exec(word)?.[0] ?? ''])
}

/** Warns of what a verification cannot ask before the change that makes it. Throws `refused` with all else that switches refuse. */
export function askedAfterOnly(
  { askedAt, scrub = (text) => text }: Pick<PlanDefinition, 'askedAt' | 'scrub'>,
  shown: readonly ComparedEvidence[],
  changed: readonly string[],
): readonly PlanWarning[] {
  const bySwitch = new Map(shown.map((one) => [one.device, one]))
  const refused = shown
    .flatMap(({ refused: some = [] }) => some)
    .filter(({ device, by }) => changed.length > 0 && ('probe' in by || changed.includes(device)))
    .toSorted((a, b) => placeIn(a) - placeIn(b))
  const made = requireAnswered(refused, askedAt, (device) => changeOf(bySwitch.get(device)))
  const byMessage = made.map(({ command, made: thing, device }) => {
    const message = `\`${redact(command)}\` of the verification cannot be asked before the change, which makes \`${redact(thing)}\`: whether the switch takes it shows under the commit timer`
    return [scrub(message), device] as const
  })
  return [...gathered(byMessage)].map(([message, devices]): PlanWarning => {
    const [device] = devices
    if (device !== undefined && devices.length === 1) return { code: 'asked-after', device, message }
    return { code: 'asked-after', message: `${someNames(devices)}: ${message}` }
  })
}

function changeOf(one: ComparedEvidence | undefined): ChangedConfig {
  if (one === undefined) return { added: [], running: '' }
  const { changes, running } = one.comparison
  return { added: changes.filter(({ sign }) => sign === '+').map(({ line }) => line), running }
}

interface QuestionOfChange extends RefusedQuestion {
  readonly made: string
}

/** Those that cannot be asked before the change that makes what they are about. Throws `refused` with the others, each refusal once, at its place. */
export function requireAnswered(
  refused: readonly RefusedQuestion[],
  places: QuestionPlaces | undefined,
  changeOn: (device: string) => ChangedConfig,
): readonly QuestionOfChange[] {
  const judged = refused.map((one) => ({ ...one, made: madeByChange(one, changeOn(one.device)) }))
  const inVain = judged.filter(({ made }) => made === undefined)
  if (inVain.length === 0) return judged.flatMap((one) => (one.made === undefined ? [] : [{ ...one, made: one.made }]))
  const refusals = inVain.map(({ by, command, says, device }) => {
    const at = 'check' in by ? places?.checks[by.check] : places?.probes[by.probe]
    return [JSON.stringify([placeWords(at), `\`${redact(command)}\`: ${redact(says)}`]), device] as const
  })
  const lines = [...gathered(refusals)].map(([key, devices]) => {
    const [place, what] = JSON.parse(key) as readonly [string, string]
    return `${place}${someNames(devices)} ${devices.length === 1 ? 'refuses' : 'refuse'} ${what}`
  })
  throw new EosflowError('refused', lines.join('\n'), {
    hint: 'The verification would be refused under the commit timer too. Try the command with `eosflow ask`, and write it as the switch takes it.',
  })
}

function placeIn({ by }: RefusedQuestion) {
  return 'check' in by ? by.check : Number.MAX_SAFE_INTEGER
}
