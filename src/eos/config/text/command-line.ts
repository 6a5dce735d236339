import { type ConfigTree, foundIn } from './tree.ts'

// Commands of which all that follows is prose, a program or an expression: `|` and `>` in it are not the switch's own. Source: the EOS
// manual's syntax of each; the recorded configurations hold `|` and `>` in no others.
const COMMANDS =
  /^(?:description|remark|alias|action|condition|regex|prompt|banner|snmp-server (?:contact|location)|neighbor \S+ description|ip(?:v6)? as-path|ip (?:large-|ext)?community-list|(?:seq )?\d+ remark|\d+ match regex|vrrp \d+ session description)(?:\s|$)/

// Modes whose lines are programs or expressions behind their number.
const MODES = /^(?:alias|role) \S+$/

/** The number of words where it has none. @param words the command, `no` and `default` aside */
export function textStart(words: readonly string[], above: string | undefined): number {
  const hasText = isFreeText(`${words.join(' ')} `, above)
  const start = words.findIndex(
    (word, at) => /^["']/.test(word) || (hasText && at > 0 && isFreeText(`${words.slice(0, at).join(' ')} `, above)),
  )
  return start < 0 ? words.length : start
}

/** `above` is the command it stands under, if any. */
export function isFreeText(line: string, above: string | undefined): boolean {
  if (line.startsWith('!!') || COMMANDS.test(line)) return true
  if (above === undefined) return false
  if (above.startsWith('policy show tech-support') && /^(?:in|ex)clude command show /.test(line)) return true
  return (MODES.test(above) && /^\d+\s/.test(line)) || (above.startsWith('daemon ') && line.startsWith('exec '))
}

export interface TextBodies {
  readonly raw: string
  readonly bodies: string[][]
  missing: number
}

const ONE_BODY = /^(banner \S+|comment|action bash|code unit \S+)$/
const TWO_BODIES = 'protocol https certificate'

/**
 * How many bodies, each closed by a line `EOF`, follow a command: 0 for most, 1 for banners, mode comments,
 * `action bash` with nothing behind it and routing control functions, 2 for a certificate with its key.
 *
 * @param line the command, without indentation and trailing blanks
 * @param parentLine the command it stands under, undefined at the root
 *
 * Source: docs/eos.md 4.2; `action bash` and `code unit` as configurations rendered by arista.avd show them.
 */
export function heredocBodies(line: string, parentLine: string | undefined): 0 | 1 | 2 {
  if (ONE_BODY.test(line) || (line === 'code' && parentLine === 'control-functions')) return 1
  return line === TWO_BODIES ? 2 : 0
}

/** Whether a raw line closes a heredoc body; EOS indents `EOF` as deep as it likes. */
export function isTerminator(raw: string): boolean {
  return raw.trim() === 'EOF'
}

/** The texts of a command as they are printed: at the first column, or as deep as `code`, or a level deeper than `action bash` (docs/eos.md 4.2). */
export function printedBodies(
  line: string,
  bodies: readonly (readonly string[])[],
  depth: number,
): readonly (readonly string[])[] {
  if (line.startsWith('banner ') || line === 'comment' || bodies.length > 1) return bodies
  const margin = '   '.repeat(line.startsWith('code') ? depth : depth + 1)
  return bodies.map((rows) => rows.map((row) => margin + row))
}

/** Takes `no` or `default` off a command. */
export function parseVerb(line: string): { verb: '' | 'no' | 'default'; line: string } {
  if (line.startsWith('no ')) return { verb: 'no', line: line.slice(3).trimStart() }
  if (line.startsWith('default ') && !line.startsWith('default-')) {
    return { verb: 'default', line: line.slice(8).trimStart() }
  }
  return { verb: '', line }
}

/**
 * A command as the running-config says it, where its verb is typed otherwise: `vxlan vlan add 10 vni 10010` and `vxlan vlan
 * remove 10 vni`, which pyeapi types, change a list of which each member has a line of its own.
 */
export function spelledOut(text: string): string {
  const { verb, line } = parseVerb(text)
  const [, change, vlan = '', vni = ''] = /^vxlan vlan (add|remove) (\d+) (vni.*)$/.exec(line) ?? []
  if (change === undefined || verb !== '') return text
  return `${change === 'add' ? '' : 'no '}vxlan vlan ${vlan} ${vni}`
}

/** Blank lines and `!` do nothing and leave no mode; `!! text` is a comment of a submode. */
export function isNothing(line: string, inSubmode: boolean): boolean {
  return line === '' || (line.startsWith('!') && !(inSubmode && line.startsWith('!!')))
}

export function bodiesOf(input: string, count: number): string[][] {
  const bodies: string[][] = [[]]
  for (const raw of input.replace(/\n$/, '').split('\n')) {
    bodies.at(-1)?.push(raw.replace(/\r$/, ''))
    if (isTerminator(raw) && bodies.length < count) bodies.push([])
  }
  return bodies.map((body) => (isTerminator(body.at(-1) ?? '') ? body : [...body, 'EOF']))
}

/** The EOS version that the header of a running-config names (docs/eos.md 4.1). */
export function versionIn(tree: ConfigTree): string | undefined {
  const header = tree.children[0]?.lead ?? tree.tail
  return foundIn(header, /EOS-(\d+\.\d+\S*?)\)/)[0]
}
