import { keepKeys, nameOfKey, type WrittenKey, writtenKeys } from '../../model/json.ts'
import { type Mark, YamlFault } from './fault.ts'

export type Marks = Map<string | number, Mark>

type Pair = readonly [key: WrittenKey, value: unknown, mark: Mark | undefined]

interface MarkOptions {
  readonly marks?: Map<object, Marks>
  readonly markDepth: number
}

/** Where the marks of the members of a container are put; undefined where nobody asks for those of this depth. */
export function marksFor({ marks, markDepth }: MarkOptions, container: object, depth: number): Marks | undefined {
  if (marks === undefined || depth > markDepth) return undefined
  const own: Marks = new Map()
  marks.set(container, own)
  return own
}

const INDEX = /^(?:0|[1-9][0-9]{0,9})$/

/**
 * A mapping as it is made: the last value of a key holds, at the place of the first, as in a dictionary of Python. What `<<` brings comes
 * first, so that own keys win.
 */
export class MappingBuilder {
  readonly map: Record<string, unknown>
  private readonly marks: Marks | undefined
  private readonly isStrict: boolean
  private merged: Pair[] = []
  private own: Pair[] | undefined
  private keys: WrittenKey[] | undefined
  private lastIndex = -1
  private hasText = false

  /** Where `isStrict`, keys that differ in their type alone are refused: they are one key otherwise. */
  constructor(map: Record<string, unknown>, marks: Marks | undefined, isStrict = false) {
    this.map = map
    this.marks = marks
    this.isStrict = isStrict
  }

  set(key: WrittenKey, value: unknown, mark: Mark | undefined): void {
    if (this.own === undefined) this.put(key, value, mark)
    else this.own.push([key, value, mark])
  }

  merge(maps: readonly object[], marksOf: (map: object) => Marks | undefined): void {
    this.own ??= this.takeBack()
    for (const map of [...maps].reverse()) {
      for (const key of writtenKeys(map)) {
        const name = nameOfKey(key)
        this.merged.push([key, (map as Record<string, unknown>)[name], marksOf(map)?.get(name)])
      }
    }
  }

  finish(): void {
    if (this.own !== undefined) for (const pair of [...this.merged, ...this.own]) this.put(...pair)
    if (this.keys !== undefined) keepKeys(this.map, this.keys)
  }

  private takeBack(): Pair[] {
    const pairs = (this.keys ?? Object.keys(this.map)).map((key): Pair => {
      const name = nameOfKey(key)
      return [key, this.map[name], this.marks?.get(name)]
    })
    for (const name of Object.keys(this.map)) delete this.map[name]
    this.keys = undefined
    this.lastIndex = -1
    this.hasText = false
    return pairs
  }

  private put(key: WrittenKey, value: unknown, mark: Mark | undefined): void {
    const name = nameOfKey(key)
    if (this.keys !== undefined || !this.isInOrder(key, name)) this.keepKey(key, name)
    if (name === '__proto__')
      Object.defineProperty(this.map, name, { value, enumerable: true, configurable: true, writable: true })
    else this.map[name] = value
    if (mark !== undefined) this.marks?.set(name, mark)
  }

  private isInOrder(key: WrittenKey, name: string): boolean {
    if (typeof key !== 'string') return false
    const code = name.charCodeAt(0)
    if (!(code >= 0x30 && code <= 0x39) || !INDEX.test(name)) {
      this.hasText = true
      return true
    }
    const index = Number(name)
    if (this.hasText || index <= this.lastIndex) return false
    this.lastIndex = index
    return true
  }

  private keepKey(key: WrittenKey, name: string): void {
    this.keys ??= Object.keys(this.map)
    if (!Object.hasOwn(this.map, name)) this.keys.push(key)
    else if (this.isStrict && !this.keys.includes(key))
      throw new YamlFault(
        `two keys differ in their type alone: ${name}`,
        { line: 1, column: 1 },
        'write both in quotes',
      )
  }
}
