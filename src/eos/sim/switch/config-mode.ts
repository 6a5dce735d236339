import type { Command } from '../../../model/command.ts'
import { dotted } from '../../../model/ip-address.ts'
import { definedMembers } from '../../../model/json.ts'
import { cryptSalt, sha512Crypt } from '../../../model/sha512-crypt.ts'
import { deviceForm } from '../../config/device-form.ts'
import { isOfKnownForm, type KnownForm } from '../../config/guard/guard.ts'
import { formIn } from '../../config/guard/typed-blocks.ts'
import { ConfigEditor, type EditorOptions, type ModeStep } from '../../config/rules/editor.ts'
import { meaningOf } from '../../config/rules/rules.ts'
import { releaseOf, storedForm } from '../../config/rules/stored-form.ts'
import { renderConfig } from '../../config/text/parse.ts'
import { type ConfigNode, type ConfigTree, childAt, childLines, heredocBodies } from '../../config/text/tree.ts'
import { ipv4, masked } from '../converge/address.ts'
import { DONE, eosAtLeast, type Reply, refused, type SwitchFacts } from '../platform/facts.ts'
import { beginsLikeConfig } from './config-words.ts'
import { type FramedConfig, misfitWord, type OwnSyntax, syntaxRefusal } from './line-syntax.ts'

const HOST_NAME = /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/
// From this release on switches print host names with `_` (docs/eos.md 1.4).
const UNDERSCORES = '4.30'
const ADDRESS = /^ip address (\d+\.\d+\.\d+\.\d+)\/(\d+)( secondary)?$/

type LineRule = 'host-name' | 'addresses' | 'words'

export interface LineSite {
  /** The version of EOS. */
  readonly eos: string
  readonly path: readonly ModeStep[]
  readonly tree: () => ConfigTree
  readonly broken: () => ReadonlySet<LineRule>
}

// The words with which a switch refuses a line for what it says, not for how it is written: validation happens while
// lines are entered, also into a session (docs/eos.md 2.3).
function lineRefusal(line: string, { eos, path, tree, broken }: LineSite) {
  const name = /^hostname (.*)$/.exec(line)?.[1]
  if (name !== undefined && !isHostName(name, eos) && !broken().has('host-name')) {
    return (
      "Host name is invalid. Host name must contain only alphanumeric characters, '.' and '-'.\n" +
      'It must begin and end with an alphanumeric character.'
    )
  }
  const mode = path.at(-1)
  const address = ADDRESS.exec(line)
  if (address === null || mode === undefined || !mode.line.startsWith('interface ')) return undefined
  return broken().has('addresses') ? undefined : addressRefusal(subnetOf(address), mode.line, tree())
}

function isHostName(name: string, eos: string) {
  return HOST_NAME.test(eosAtLeast(eos, UNDERSCORES) ? name.replaceAll('_', '-') : name)
}

/** A switch that runs such a text evidently does not keep them (the host name rule was recorded on 4.15 only), so they are not held against what is typed later. */
export function brokenRules(tree: ConfigTree): ReadonlySet<LineRule> {
  const broken = new Set<LineRule>()
  if (misfitsIn(tree.children, 'root')) broken.add('words')
  for (const node of tree.children) {
    const name = /^hostname (.*)$/.exec(node.line)?.[1]
    if (name !== undefined && !HOST_NAME.test(name)) broken.add('host-name')
    if (!node.line.startsWith('interface ') || broken.has('addresses')) continue
    if (node.children.some(({ line }) => clashes(line, node.line, tree))) broken.add('addresses')
  }
  return broken
}

function misfitsIn(nodes: readonly ConfigNode[], mode: string): boolean {
  return nodes.some(({ line, children }) => misfitWord(line, mode) !== undefined || misfitsIn(children, ''))
}

function clashes(line: string, opener: string, tree: ConfigTree) {
  const address = ADDRESS.exec(line)
  return address !== null && addressRefusal(subnetOf(address), opener, tree) !== undefined
}

interface Subnet {
  readonly address: string
  readonly network: number
  readonly length: number
}

const OF_BOTH = 'interface Management0'

const isManagement = (opener: string) => opener.startsWith('interface Management')

const isShared = (opener: string, other: string) =>
  isManagement(opener) && isManagement(other) && [opener, other].includes(OF_BOTH)

// An address that another interface of the VRF has, or a subnet that reaches into its (docs/eos.md 1.4).
function addressRefusal(typed: Subnet, opener: string, tree: ConfigTree) {
  const own = childAt(tree, opener)
  const vrf = own === undefined ? 'default' : vrfOf(own)
  for (const other of tree.children) {
    if (other === own || !other.line.startsWith('interface ') || vrfOf(other) !== vrf) continue
    const name = other.line.slice('interface '.length)
    for (const { line } of other.children) {
      const present = ADDRESS.exec(line)
      const refusal = present === null ? undefined : clash(typed, subnetOf(present), name, isShared(opener, other.line))
      if (refusal !== undefined) return refusal
    }
  }
  return undefined
}

function clash(typed: Subnet, present: Subnet, name: string, isInOne: boolean) {
  if (typed.address === present.address) return `Address ${typed.address} is already assigned to interface ${name}`
  const length = Math.min(typed.length, present.length)
  if (isInOne || masked(typed.network, length) !== masked(present.network, length)) return undefined
  return `Subnet ${dotted(typed.network)} overlaps with existing subnet ${dotted(present.network)} of interface ${name}`
}

function vrfOf(node: ConfigNode) {
  const line = node.children.find((child) => /^vrf (?!definition)/.test(child.line))?.line
  return line?.split(' ').at(-1) ?? 'default'
}

function subnetOf([, address = '', length = '']: RegExpExecArray): Subnet {
  return { address, network: masked(ipv4(address) ?? 0, Number(length)), length: Number(length) }
}

// What a fixed switch is called: the ports that it has of one kind and, behind the letters of that, of another: `DCS-7050SX3-48YC8`.
const FIXED = /^[DC]CS-\d+\w*-(\d+)[A-Z]*(\d*)/
const UNNAMED = 4

const PORT = /^interface e[a-z]*\s?(\d+)((?:\/\d+)*)/i

function lacksPort({ model, interfaces }: SwitchFacts, line: string) {
  const [, number = '', lanes = ''] = PORT.exec(line) ?? []
  const [, ports, others = ''] = FIXED.exec(model) ?? []
  if (number === '' || ports === undefined || interfaces.includes(`Ethernet${number}${lanes}`)) return false
  return Number(number) > Number(ports) + Number(others) + UNNAMED
}

interface UserAttributes {
  readonly privilege?: string
  readonly role?: string
  readonly credential?: string
}

const LINE = /^username (\S+) (?!ssh-?key\b|shell\b)(.+)$/

const SCHEMES = new Set(['sha512', '5', '7', '8a', '*'])
const USER = /^(username \S+ .*?\bsecret )(?:0 )?(\S+)$/
const ENABLE = /^(enable (?:secret|password) )(?:0 )?(\S+)$/

export interface ConfigModeOptions {
  readonly facts: SwitchFacts
  readonly verbatim: boolean
  readonly unknownLines: 'accept' | 'refuse'
  readonly vouched: readonly KnownForm[]
  /** Sixteen random bytes in hex, for the salt of a hashed secret. */
  readonly salt: () => string
  readonly broken: () => ReadonlySet<LineRule>
  readonly own: () => OwnSyntax
  readonly printed: () => ConfigTree
}

/** The config mode of a switch: the configuration editor, and around it what a device does to a line that is typed: it refuses, hashes, rewrites, and adds lines of its own (docs/eos.md 4.9 and 4.10). */
export class ConfigMode {
  readonly #editor: ConfigEditor
  readonly #options: ConfigModeOptions
  readonly #form: EditorOptions

  constructor(tree: ConfigTree, options: ConfigModeOptions, path: readonly string[] = []) {
    this.#form = { version: options.facts.eos, printed: options.printed() }
    this.#editor = new ConfigEditor(tree, { ...this.#form, path, asTyped: options.verbatim })
    this.#options = options
  }

  get depth(): number {
    return this.#editor.path.length
  }

  get path(): readonly ModeStep[] {
    return this.#editor.path
  }

  prints(line: string): boolean {
    return this.#editor.prints(line)
  }

  textsOf(line: string): 0 | 1 | 2 {
    return heredocBodies(line, this.path.at(-1)?.line)
  }

  get tree(): ConfigTree {
    const tree = this.#editor.tree()
    return this.#options.verbatim ? tree : deviceForm(tree, this.#form)
  }

  finish(): ConfigTree {
    this.#editor.end()
    return this.tree
  }

  type({ cmd, input }: Command): Reply {
    const line = cmd.trim()
    this.#editor.openFor(cmd)
    const refusal = this.#refusal(line, input)
    if (refusal !== undefined) return refusal
    const stored = this.#stored(line)
    const outcome = this.#editor.type(stored === line ? cmd : stored, input)
    if (outcome.kind === 'refused') return refused(bare(outcome.message ?? 'Invalid input'))
    return DONE
  }

  #stored(line: string) {
    const { facts, salt, verbatim } = this.#options
    if (this.prints(line)) return line
    const hashed = hashedLine(line, facts.eos, salt)
    if (verbatim || !hashed.startsWith('username ')) return hashed
    return mergedUserLine(hashed, childLines(this.#editor.tree()))
  }

  #refusal(line: string, input: string | undefined) {
    const path = this.#editor.path
    if (line.startsWith('!!')) return refused(`Invalid input (at token 0: '!!')`, 1002)
    if (heredocBodies(line, path.at(-1)?.line) > 0 && input === undefined) {
      const words = line.split(/\s+/)
      return refused(`Incomplete command (at token ${words.length - 1}: '${words.at(-1) ?? ''}')`, 1002)
    }
    if (this.prints(line)) return undefined
    const { broken, vouched } = this.#options
    const above = path.map((step) => step.line)
    const syntax = isOfKnownForm(vouched, above, line) ? undefined : this.#misread(above, line)
    if (syntax !== undefined) return refused(syntax, 1002)
    const { eos } = this.#options.facts
    const stored = storedForm(path.at(-1)?.mode ?? 'root', line, releaseOf(eos))
    const words = lineRefusal(stored, { eos, path, tree: () => this.#editor.tree(), broken })
    return words === undefined ? undefined : refused(words)
  }

  #misread(above: readonly string[], line: string) {
    const { broken, own, facts } = this.#options
    const syntax = syntaxRefusal(above, line, own)
    if (syntax !== undefined) return syntax
    if (own().lines.has({ above, line })) return undefined
    const isTaken = this.#accepted(line) || own().forms.has(formIn(above, line))
    const misfit = lacksPort(facts, line) ? 1 : misfitWord(line, this.#editor.path.at(-1)?.mode ?? 'root')
    const at = isTaken ? misfit : 0
    if (at === undefined || (at > 0 && broken().has('words'))) return undefined
    return `Invalid input (at token ${at}: '${line.split(/\s+/)[at] ?? ''}')`
  }

  // Whether a rule of one of the open modes knows the line, or it may be kept although none does.
  #accepted(line: string) {
    if (line === 'exit' || line === 'end' || line === 'abort') return true
    const positive = line.replace(/^(no|default)\s+/, '')
    const modes = ['root', ...this.#editor.path.map(({ mode }) => mode)]
    if (modes.some((mode) => meaningOf(mode, positive).weight > 0)) return true
    return this.#options.unknownLines === 'accept' && beginsLikeConfig(line, this.depth)
  }
}

/** A boot configuration as the switch would print it: typed into an empty one. Where that says the same commands the text stays as it was read, order and separators included; verbatim always keeps it. */
export function booted(
  { frame, tree }: FramedConfig,
  options: Pick<ConfigModeOptions, 'facts' | 'verbatim'>,
): ConfigTree {
  if (options.verbatim) return tree
  const { eos: version } = options.facts
  const isPrinted = frame.header.some((row) => PRINTED.test(row))
  const key = `${version} ${isPrinted}\n${renderConfig(tree)}`
  const known = lastBooted.get(key)
  if (known !== undefined) return known
  const form: EditorOptions = { version, ...(isPrinted ? { printed: tree } : {}) }
  const editor = new ConfigEditor(EMPTY, form)
  editor.merge(tree.children)
  editor.end()
  const typed = editor.tree()
  const stored = deviceForm(tree, form)
  const entered = deviceForm(typed, form)
  const printed = sameCommands(stored, entered) ? stored : entered
  keepBooted(key, printed)
  return printed
}

// The header of a text that a switch printed (docs/eos.md 4.1).
const PRINTED = /^! (?:Command|device):/

const lastBooted = new Map<string, ConfigTree>()
const BOOTS_KEPT = 16

function keepBooted(key: string, printed: ConfigTree) {
  const [oldest] = lastBooted.keys()
  if (lastBooted.size >= BOOTS_KEPT && oldest !== undefined) lastBooted.delete(oldest)
  lastBooted.set(key, printed)
}

const EMPTY: ConfigTree = { children: [], tail: [] }

// Whether two configurations have as many sections and hold the same commands under the same parents; order, separators, and a block that is
// repeated inside its section (docs/eos.md 4.9) aside.
function sameCommands(a: ConfigTree, b: ConfigTree) {
  return a.children.length === b.children.length && outline(a.children).join('\n') === outline(b.children).join('\n')
}

function outline(nodes: ConfigTree['children'], path = ''): string[] {
  const lines = nodes.flatMap((node) => {
    const at = `${path} > ${node.line}`
    return [[at, ...(node.body ?? []).flat()].join('\n'), ...outline(node.children, at)]
  })
  return path === '' ? [...new Set(lines)].sort() : lines
}

function bare(message: string) {
  return message.replace(/^% /, '')
}

// A line as the switch stores it: a clear-text secret is hashed at entry, so that the text typed is never the text printed (docs/eos.md 4.10).
// `salt` gives sixteen random bytes in hex and is asked only when something is hashed.
function hashedLine(line: string, eos: string, salt: () => string) {
  const match = USER.exec(line) ?? ENABLE.exec(line)
  const [, head = '', secret = ''] = match ?? []
  if (match === null || SCHEMES.has(secret) || hasScheme(head)) return line
  const word = head.startsWith('enable') ? enableWord(eos) : head
  return `${word}sha512 ${sha512Crypt(secret, cryptSalt(salt()))}`
}

// From 4.23 the line reads `enable password` (docs/eos.md 4.9).
function enableWord(eos: string): string {
  return eosAtLeast(eos, '4.23') ? 'enable password ' : 'enable secret '
}

function hasScheme(head: string) {
  return /\bsecret (?:sha512|5|7|8a) $/.test(head)
}

/**
 * A `username` line as the switch stores it: each sets what it names, and the switch prints one line with all of it, in the
 * order privilege, role, password (pyeapi and Ansible set them one by one and read them back together). A line with
 * an SSH key or a shell stays another line.
 *
 * @param users the root lines that begin with `username`
 */
export function mergedUserLine(line: string, users: readonly string[]): string {
  const [, name = '', typed = ''] = LINE.exec(line) ?? []
  const attributes = readAttributes(typed)
  if (attributes === undefined) return line
  const present = users.map((user) => LINE.exec(user)).find((match) => match?.[1] === name)?.[2]
  const { privilege, role, credential } = { ...readAttributes(present ?? ''), ...attributes }
  return [`username ${name}`, privilege, role, credential].filter((part) => part !== undefined).join(' ')
}

function readAttributes(words: string): UserAttributes | undefined {
  const match = /^(privilege \d+)?(?: ?\b(role \S+))?(?: ?\b(nopassword|secret .+))?$/.exec(words)
  if (match === null || words === '') return undefined
  const [, privilege, role, credential] = match
  return definedMembers({ privilege, role, credential })
}
