import { canonicalInterface } from '../../eos/config/text/interface-name.ts'
import type { RefusedQuestion } from '../../model/refused-question.ts'

/** A switch that lacks what a command is about. Whatever else it says stays so after any change (docs/eos.md 1.4). */
const LACKS =
  /does not exist|not found|no such|inactive|not (?:configured|running|enabled|active|present)|cannot assign requested address|could not run command/i
/** Said of the command itself, whatever it is about. */
const FOR_GOOD =
  /incomplete|ambiguous|unconverted|over the API|privileged mode|denied|permi(?:ssion|tted)|authori[sz]|not allowed/i
/** A switch that does not know a command. Over eAPI it names the word that it stops at. */
const UNKNOWN = /Invalid input(?: \(at token \d+: '([^']*)'\))?/i

/** Lines that a change adds to a switch, and what runs on it before. */
export interface ChangedConfig {
  readonly added: readonly string[]
  readonly running: string
}

/**
 * The word of a refused command that the change makes, so that the switch can answer only after it: a VRF, an interface, a neighbour, a protocol. Undefined
 * where the change cannot be why. A switch that does not know a command is excused only at the word that it stops at, and over SSH it names none.
 */
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

/** Whether one of the lines names what a command names with a word and the one before it. */
function isNamedIn(lines: readonly string[], word: string, before: string): boolean {
  const wanted = [canonical(word), canonical(before + word)]
  return lines.some((line) => {
    const words = line.trim().split(/\s+/)
    const isName = (one: string): boolean => wanted.includes(one)
    if (words.filter((one) => !isPlain(one)).some((one) => isName(canonical(one)) || isName(withoutLength(one))))
      return true
    // A plain word names something only at the end of `vrf instance guests`, asked for as `vrf guests`.
    return words.length > 2 && isName(canonical(words.at(-1) ?? '')) && words.includes(before.toLowerCase())
  })
}

function isPlain(word: string): boolean {
  return /^[a-z-]*$/.test(word)
}

function withoutLength(word: string): string {
  return canonical(word.replace(/\/\d+$/, ''))
}

function bareWords(text: string): readonly string[] {
  return text.split(/\s+/).map(bare)
}

/** `IS-IS` as the command has it. */
function bare(word: string): string {
  return word.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
}

function canonical(word: string): string {
  return canonicalInterface(word).toLowerCase()
}

/** The words of a text, also without what is behind a hyphen or a number: `snmp-server`, `snmp`; `vxlan1`, `vxlan`. */
function partsOf(text: string): readonly string[] {
  const words = text.toLowerCase().split(/\s+/)
  return words.flatMap((word) => [bare(word), /^[a-z]+/.exec(word)?.[0] ?? ''])
}
