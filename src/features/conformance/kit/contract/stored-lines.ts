import { redact, secretsIn } from '../../../../eos/config/secrets/secrets.ts'
import type { ConfigNode, ConfigTree } from '../../../../eos/config/text/tree.ts'
import { ConfigMode, type ConfigModeOptions } from '../../../../eos/sim/switch/config-mode.ts'
import { ownSyntax, readFramed } from '../../../../eos/sim/switch/line-syntax.ts'
import type { Command } from '../../../../model/command.ts'

export type StoredLine = readonly string[]

export function storedLines(text: string): readonly StoredLine[] {
  return linesOf(readFramed(text).tree)
}

export interface TypedLines {
  readonly name: string
  readonly lines: readonly Command[]
}

interface LineChange {
  readonly come: readonly StoredLine[]
  readonly gone: readonly StoredLine[]
}

export function simulatedChange(before: string, eos: string, typed: readonly TypedLines[]): LineChange {
  const { tree } = readFramed(before)
  const own = ownSyntax(before)
  const options: ConfigModeOptions = { ...optionsOf(eos), own: () => own, printed: () => tree }
  return changeOf(linesOf(new ConfigMode(tree, options).finish()), linesOf(afterAll(tree, options, typed)))
}

export function printedChange(before: string, after: string): LineChange {
  return changeOf(storedLines(before), storedLines(after))
}

export function typedForm(eos: string, typed: TypedLines): readonly StoredLine[] {
  return linesOf(afterAll(NOTHING, { ...optionsOf(eos), verbatim: true }, [typed]))
}

const NOTHING: ConfigTree = { children: [], tail: [] }

function afterAll(tree: ConfigTree, options: ConfigModeOptions, typed: readonly TypedLines[]) {
  const mode = new ConfigMode(tree, options)
  for (const { lines } of typed) for (const line of [...lines, { cmd: 'end' }]) mode.type(line)
  return mode.finish()
}

function optionsOf(eos: string): ConfigModeOptions {
  return {
    facts: { model: '', eos, serial: '', systemMac: '', interfaces: [] },
    verbatim: false,
    unknownLines: 'accept',
    salt: () => '0'.repeat(32),
    broken: () => new Set(),
    own: () => ownSyntax(''),
    printed: () => NOTHING,
    vouched: [],
  }
}

function linesOf({ children }: Pick<ConfigNode, 'children'>, above: readonly string[] = []): readonly StoredLine[] {
  return children.flatMap((node): readonly StoredLine[] => {
    const path = [...above, node.line]
    return [[...path, ...(node.body ?? []).flat()], ...linesOf(node, path)]
  })
}

function changeOf(before: readonly StoredLine[], after: readonly StoredLine[]): LineChange {
  return { come: without(after, before, keyOf), gone: without(before, after, keyOf) }
}

const keyOf = (line: StoredLine) => JSON.stringify(line)

export function without<T>(items: readonly T[], others: readonly T[], key: (item: T) => string): readonly T[] {
  const left = new Map<string, number>()
  for (const item of others) left.set(key(item), (left.get(key(item)) ?? 0) + 1)
  return items.filter((item) => {
    const count = left.get(key(item)) ?? 0
    left.set(key(item), count - 1)
    return count <= 0
  })
}

/**
 * What two lines share if and only if they say the same: a secret that was hashed while it was typed has a fresh salt, so that its scheme
 * alone counts; and where a recording lacks its secrets, none counts.
 *
 * @param typed the secrets that were typed, which a switch may keep as they are
 */
export function sameStored(typed: ReadonlySet<string>, isRedacted: boolean): (line: StoredLine) => string {
  const shown = (secret: string) => {
    if (isRedacted) return '<redacted>'
    return typed.has(secret) ? secret : (/^\$\w+\$/.exec(secret)?.[0] ?? secret)
  }
  return (line) => JSON.stringify(line.map((one) => redact(one, shown)))
}

export function secretsTyped(typed: readonly TypedLines[]): ReadonlySet<string> {
  return new Set(typed.flatMap(({ lines }) => lines.flatMap(({ cmd }) => secretsIn(cmd).map(({ value }) => value))))
}

/** The typed lines that a printed line is of: those whose own form begins with the most of its words, and with two at least. */
export function typedAs<T>(
  line: StoredLine,
  forms: readonly { readonly of: T; readonly lines: readonly StoredLine[] }[],
): T | undefined {
  let best: { readonly of: T; readonly shared: number } | undefined
  for (const { of, lines } of forms) {
    const shared = Math.max(0, ...lines.map((one) => sharedWords(line, one)))
    if (shared >= 2 && shared > (best?.shared ?? 0)) best = { of, shared }
  }
  return best?.of
}

function sharedWords(line: StoredLine, other: StoredLine) {
  const [words, others] = [line, other].map((one) => one.join(' ').split(' '))
  const at = (words ?? []).findIndex((word, index) => word !== others?.[index])
  return at < 0 ? (words ?? []).length : at
}
