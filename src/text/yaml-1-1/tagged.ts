import { type Mark, YamlFault } from './fault.ts'
import { valueOfKind } from './plain-value.ts'
import { kindOfPlain, type ScalarKind } from './scalar.ts'
import type { Token } from './token.ts'

export type TagMaker = (value: unknown) => object | string | undefined

const STANDARD = 'tag:yaml.org,2002:'
const SCALARS: ReadonlySet<string> = new Set(['null', 'bool', 'int', 'float', 'timestamp', 'str'])

/** Throws YamlFault for a tag that is not known or not for this. */
export function tagged(
  tag: string,
  mark: Mark,
  scalar: Token | undefined,
  container: unknown,
  makers: ReadonlyMap<string, TagMaker>,
): unknown {
  const maker = makers.get(tag)
  const value = maker !== undefined ? maker(scalar?.text ?? container) : standard(tag, scalar, container)
  if (value !== undefined) return value
  if (maker !== undefined) throw new YamlFault(`${tag} is for a text`, mark)
  throw new YamlFault(`the tag ${shown(tag)} is not known here`, mark, 'leave it out')
}

const DATA: ReadonlySet<string> = new Set(['null', 'bool', 'int', 'float', 'str', 'map', 'seq'])

/** Throws YamlFault for a tag that makes anything but data that JSON has. */
export function refuseObjects(tag: string, mark: Mark): void {
  if (tag.startsWith(STANDARD) && DATA.has(tag.slice(STANDARD.length))) return
  throw new YamlFault(`the tag ${shown(tag)} is not known here`, mark, 'leave it out')
}

function standard(tag: string, scalar: Token | undefined, container: unknown) {
  // PyYAML takes what is behind it for plain, in quotes too.
  if (tag === '!')
    return scalar === undefined ? container : scalar.text === '' ? '' : valueOfKind(kindOfPlain(scalar.text), scalar)
  const kind = tag.startsWith(STANDARD) ? tag.slice(STANDARD.length) : ''
  return scalar === undefined ? standardContainer(kind, container) : standardScalar(kind, scalar)
}

function standardScalar(kind: string, token: Token) {
  if (kind === 'python/unicode') return token.text
  return SCALARS.has(kind) ? valueOfKind(kind as ScalarKind, token) : undefined
}

function standardContainer(kind: string, content: unknown): unknown {
  if (kind === 'map' || kind === 'python/dict') return isMap(content) ? content : undefined
  return kind === 'seq' && Array.isArray(content) ? content : undefined
}

export function isMap(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}

function shown(tag: string) {
  return tag.startsWith(STANDARD) ? `!!${tag.slice(STANDARD.length)}` : tag
}
