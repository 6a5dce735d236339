import { HIDDEN_CHARACTER } from '../../../model/hidden-character.ts'
import { type Lookalike, otherBlankIn } from '../../../text/source/lookalike.ts'
import type { ConfigChange } from '../diff/diff.ts'
import { type TypedLine, typedLines } from '../rules/typed-lines.ts'
import {
  BODY,
  type ConfigNode,
  type ConfigTree,
  commandStart,
  foundIn,
  isTerminator,
  parseVerb,
  rawRow,
  scanOutline,
  textStart,
} from '../text/tree.ts'
import { managementInterfaces } from './guard-management.ts'

const always: readonly (readonly [RegExp, string])[] = [
  [/^interface (?:Management|ma)\s?\d/i, 'Management interface'],
  [/^management /, 'management service'],
  [/^(?:aaa|username|role|enable|tacacs-server|radius-server|ip tacacs|ip radius)\b/, 'users and AAA'],
  [/^(?:system )?control-plane\b/, 'control plane'],
]

function guardingLists(tree: ConfigTree) {
  const under = (node: ConfigNode): string[] => [
    ...(/^ip(?:v6)? access-group (\S+)/.exec(node.line)?.slice(1, 2) ?? []),
    ...node.children.flatMap(under),
  ]
  const guarded = /^(?:interface Management|management |(?:system )?control-plane)/
  return tree.children.filter(({ line }) => guarded.test(line)).flatMap(under)
}

function managementVrfs(tree: ConfigTree) {
  const services = tree.children.filter(({ line }) => /^management (?:api http-commands|ssh)$/.test(line))
  const ofServices = services.flatMap(({ children }) => foundIn(children, /^vrf (\S+)$/))
  return [...managementInterfaces(tree).map(({ vrf }) => vrf), ...ofServices]
}

function partOf(path: readonly string[], vrfs: readonly string[], lists: readonly string[]): string | undefined {
  const root = (path[0] ?? '').replace(/^(?:no|default) /, '')
  const known = always.find(([pattern]) => pattern.test(root))
  if (known) return known[1]
  const list = /^ip(?:v6)? access-list (?:standard )?(\S+)/.exec(root)?.[1]
  if (list !== undefined && lists.includes(list)) return `access list ${list} before management`
  if (/^ip(?:v6)? rout(?:e|ing)\b/.test(root)) {
    const vrf = / vrf (\S+)/.exec(root)?.[1] ?? 'default'
    return vrfs.includes(vrf) ? `routes of management VRF ${vrf}` : undefined
  }
  const named = foundIn(path, /(?:^|\s)vrf (?:instance |definition |forwarding )?(\S+)$/)
  const vrf = named.find((name) => name !== 'default' && vrfs.includes(name))
  return vrf === undefined ? undefined : `management VRF ${vrf}`
}

// The parts of the management path that changes touch on a switch that runs `running`, each once: Management interfaces, their VRF and its routes, users and AAA, management services, the control plane and the access lists before them.
export function touchesManagement(
  changes: readonly Pick<ConfigChange, 'path' | 'line'>[],
  running: ConfigTree,
): string[] {
  const vrfs = managementVrfs(running)
  const lists = guardingLists(running)
  return [...new Set(changes.flatMap(({ path, line }) => partOf([...path, line], vrfs, lists) ?? []))]
}

// A blank in a command that is not the one of the keyboard: EOS divides words at blanks and tabs only.
export interface OtherBlank extends Lookalike {
  /** The position of the line in the change, from 0; `index` is the character in the line, from 0. */
  readonly row: number
}

// The bodies of banners and other texts may hold them, the line that ends one may not.
export function otherBlanks(lines: readonly string[], mode: 'merge' | 'replace'): OtherBlank[] {
  const text = lines.join('\n')
  if (otherBlankIn(text) === undefined) return []
  const outline = scanOutline(text)
  const typed = new Map(typedLines(outline, mode).map((one) => [one.row, one]))
  return Array.from({ length: outline.rows }, (_, row) => row).flatMap((row) => {
    const line = rawRow(outline, row)
    const isBody = outline.kind[row] === BODY
    const command = typed.get(row)
    // What is neither is blank, or a comment.
    if (isBody ? !isTerminator(line) : command === undefined) return []
    const indent = commandStart(outline, row) - (outline.start[row] ?? 0)
    const judged = command === undefined ? line : line.slice(0, indent + lengthBeforeText(command))
    const found = otherBlankIn(judged)
    return found === undefined ? [] : [{ ...found, row }]
  })
}

// How much of a command is no free text: its first word, at least.
function lengthBeforeText({ line, above }: TypedLine) {
  const positive = parseVerb(line).line
  const text = Math.max(1, textStart(positive.split(/[ \t]+/), above.at(-1)))
  const head = new RegExp(`^(?:[^ \\t]+(?:[ \\t]+|$)){${text}}`).exec(positive)?.[0] ?? positive
  return line.length - positive.length + head.length
}

// The most characters a command may have (docs/transport.md#what-people-write).
const longest = 4096

export interface UnsafeLine {
  readonly index: number
  readonly kind: 'control-character' | 'bidi-character' | 'invisible-character' | 'too-long'
  /** What stands there, for a person: the code point as `U+202E`, or the length. */
  readonly found: string
}

// C0 and C1 controls, tab and line breaks among them, the line and paragraph separators, and the byte order mark.
const control = /[\p{Cc}\u2028\u2029\uFEFF]/u
// The characters that turn or hide the direction of text: what is read is not what is sent.
const bidi = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/u

const codePoint = (character: string) =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`

function unsafe(line: string, index: number): UnsafeLine[] {
  if (line.length > longest) return [{ index, kind: 'too-long', found: `${line.length} characters` }]
  const controls = control.exec(line)
  if (controls) return [{ index, kind: 'control-character', found: codePoint(controls[0]) }]
  const bidis = bidi.exec(line)
  if (bidis) return [{ index, kind: 'bidi-character', found: codePoint(bidis[0]) }]
  const hidden = HIDDEN_CHARACTER.exec(line)
  return hidden ? [{ index, kind: 'invisible-character', found: codePoint(hidden[0]) }] : []
}

// The lines of a change that are refused for their characters (docs/transport.md#what-people-write): a control character
// could end the command and begin another, a bidi or invisible character shows the approver another line than is sent.
// Refused, never stripped.
export function unsafeLines(lines: readonly string[]): UnsafeLine[] {
  return lines.flatMap(unsafe)
}

export { cleartextSecrets, type SecretFinding } from '../secrets/secrets-in-change.ts'
export { isOfKnownForm, type KnownForm, readKnownForms } from '../syntax/known-forms.ts'
export { type FaultWords, faultWords } from './fault-words.ts'
export { type MissingManagement, managementGuard } from './guard-management.ts'
export { execVerbs, type GuardReason, isExecAlone, type VerbFinding } from './guard-verbs.ts'
export {
  doubtedForm,
  type SettledLines,
  type SyntaxFinding,
  settleByBase,
  subject,
  syntaxFindings,
  type UnsettledLine,
} from './typed-blocks.ts'
