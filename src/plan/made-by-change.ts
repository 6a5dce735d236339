import { canonicalInterface } from '../config/interface-name.ts'
import type { RefusedQuestion } from '../model/refused-question.ts'

/** A command that is not whole, means several, has no model or may not be asked stays so whatever is configured (docs/eos.md 1.4). */
const FOR_GOOD = /incomplete|ambiguous|unconverted|over the API|privileged mode|denied|permission/i
/** A switch that does not know a command, and the word that it stops at where it names one. */
const UNKNOWN = /Invalid input(?: \(at token \d+: '([^']*)'\))?/i

/** Lines that a change adds to a switch, and what runs on it before. */
export interface ChangedConfig {
  readonly added: readonly string[]
  readonly running: string
}

/**
 * The word of a refused command that the change makes, so that the switch can answer only after it: a VRF, an interface, a neighbour, a protocol. Undefined
 * where the change cannot be why. A switch that stops at a word is taken at it; if it knows the command, it may name the protocol that it lacks.
 */
export function madeByChange(
  { command, says }: Pick<RefusedQuestion, 'command' | 'says'>,
  { added, running }: ChangedConfig,
): string | undefined {
  if (FOR_GOOD.test(says)) return undefined
  const unknown = UNKNOWN.exec(says)
  const stopped = unknown?.[1]?.toLowerCase()
  const words = command.split(/\s+/).slice(1)
  const names = new Set(added.flatMap(namesIn))
  const named = words.find((word, at) => {
    const isMeant = stopped === undefined || word.toLowerCase() === stopped
    return isMeant && [word, `${words[at - 1] ?? ''}${word}`].some((one) => names.has(canonical(one)))
  })
  if (named !== undefined || unknown !== null) return named
  // What the switch itself names is lacking: `BGP inactive`.
  const lacking = words.filter((word) => bareWords(says).includes(bare(word)))
  const [made, had] = [new Set(added.flatMap(partsOf)), new Set(partsOf(running))]
  return lacking.every((word) => made.has(bare(word)) && !had.has(bare(word))) ? lacking[0] : undefined
}

function bareWords(text: string): readonly string[] {
  return text.split(/\s+/).map(bare)
}

/** `IS-IS` as the command has it. */
function bare(word: string): string {
  return word.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
}

/** The words of a line that name something: those that are no plain word, and the last. */
function namesIn(line: string): readonly string[] {
  const words = line.trim().split(/\s+/)
  return words
    .filter((word, at) => at === words.length - 1 || /[^a-z-]/.test(word))
    .flatMap((word) => [canonical(word), canonical(word.replace(/\/\d+$/, ''))])
}

function canonical(word: string): string {
  return canonicalInterface(word).toLowerCase()
}

/** The words of a text, also without what is behind a hyphen or a number: `snmp-server`, `snmp`; `vxlan1`, `vxlan`. */
function partsOf(text: string): readonly string[] {
  const words = text.toLowerCase().split(/\s+/)
  return words.flatMap((word) => [bare(word), /^[a-z]+/.exec(word)?.[0] ?? ''])
}
