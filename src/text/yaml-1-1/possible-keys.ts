import type { TextCursor } from './cursor.ts'
import { type Mark, YamlFault } from './fault.ts'

/** A place from which a key may begin: known only when its `:` is met. */
export interface PossibleKey extends Mark {
  /** Of the token that begins there, counted from the first of the text. */
  readonly number: number
  readonly isRequired: boolean
  readonly offset: number
}

/** How far a key may be from its `:` in YAML 1.1. */
const KEY_LENGTH = 1024

/** The possible keys: one for the block, and one for each bracket that is open. */
export class PossibleKeys {
  private readonly cursor: TextCursor
  private readonly keys: (PossibleKey | undefined)[] = [undefined]
  private level = 0
  /** How many there are: most tokens come when there is none. */
  private count = 0

  constructor(cursor: TextCursor) {
    this.cursor = cursor
  }

  /** How many brackets are open. */
  get flow(): number {
    return this.level
  }

  /** The possible key within the innermost bracket. */
  get innermost(): PossibleKey | undefined {
    return this.keys[this.level]
  }

  open(): void {
    this.level += 1
    this.keys[this.level] = undefined
  }

  close(): void {
    if (this.level > 0) this.level -= 1
  }

  /** Whether the token of this number may still become a key. */
  has(number: number): boolean {
    if (this.count === 0) return false
    this.dropStale()
    for (let level = 0; level <= this.level; level += 1) if (this.keys[level]?.number === number) return true
    return false
  }

  /** Drops what cannot be a key any more: it must be in one line, and short. */
  dropStale(): void {
    if (this.count === 0) return
    const { line, at } = this.cursor
    for (let level = 0; level <= this.level; level += 1) {
      const key = this.keys[level]
      if (key === undefined || (key.line === line + 1 && at - key.offset <= KEY_LENGTH)) continue
      if (key.isRequired) throw missing(key)
      this.keys[level] = undefined
      this.count -= 1
    }
  }

  /** What begins here may be a key. */
  save(number: number, isRequired: boolean): void {
    this.drop()
    const { line, at, column } = this.cursor
    this.keys[this.level] = { number, isRequired, offset: at, line: line + 1, column: column + 1 }
    this.count += 1
  }

  /** The innermost key is none, as something else follows. */
  drop(): void {
    const key = this.keys[this.level]
    if (key?.isRequired === true) throw missing(key)
    this.forget()
  }

  /** The innermost key is taken. */
  forget(): void {
    if (this.keys[this.level] === undefined) return
    this.keys[this.level] = undefined
    this.count -= 1
  }
}

function missing(key: PossibleKey): YamlFault {
  return new YamlFault('a ":" is missing here', key, 'write "key: value", or give the line its indentation')
}
