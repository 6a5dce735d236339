import { definedMembers } from '../../../model/defined-members.ts'
import { isJsonObject, type Json } from '../../../model/json.ts'
import { keepKeys } from '../../../model/map-keys.ts'
import type { Place, Problem } from '../../../model/problem.ts'
import { WholeFloat } from '../../../model/whole-float.ts'
import {
  keyPlaceOf,
  type LocatedValue,
  locatedAt,
  type Path,
  placeOf,
  writtenAt,
} from '../../../text/source/located.ts'
import { GENERATED_LIMIT } from '../../../text/source/text.ts'
import { readYaml } from '../../../text/source/yaml.ts'
import type { RosterValue, Variable } from './roster.ts'

export interface SourceText {
  readonly file: string
  readonly content: string | Uint8Array
}

// The key of YAML under which mappings are merged into the one around them.
const MERGE = '<<'

/** Keys under `<<` count as keys of the mapping around them. */
export class RosterPart {
  readonly #located: LocatedValue
  readonly #path: Path
  readonly #problems: Problem[]

  private constructor(located: LocatedValue, path: Path, problems: Problem[]) {
    this.#located = located
    this.#path = path
    this.#problems = problems
  }

  static of({ file, content }: SourceText, problems: Problem[]): RosterPart | undefined {
    const read = readYaml(content, file, GENERATED_LIMIT)
    if (read.ok) return new RosterPart(read.value, [], problems)
    problems.push(...read.problems.filter(({ code }) => code !== 'empty-file'))
    return undefined
  }

  get at(): Place {
    return placeOf(this.#located, this.#path)
  }

  get keyAt(): Place {
    return keyPlaceOf(this.#located, this.#path)
  }

  get isNull(): boolean {
    return this.#value() === null
  }

  members(): readonly (readonly [key: string, member: RosterPart])[] {
    return [...this.#mapping().entries()]
  }

  member(key: string): RosterPart | undefined {
    const member = this.#mapping().get(key)
    return member === undefined || member.isNull ? undefined : member
  }

  items(): readonly RosterPart[] {
    const value = this.#value()
    if (value === null) return []
    if (Array.isArray(value)) return value.map((_, index) => this.#part(index))
    this.fault('a list is expected here')
    return []
  }

  text(): string | undefined {
    const value = this.#value()
    if (typeof value === 'string') return value
    if (typeof value === 'number') return writtenAt(this.#located, this.#path) ?? String(value)
    this.fault('a text is expected here')
    return undefined
  }

  variable(): Variable {
    return { value: this.#plain(), at: this.at, placeOf: (path) => this.#below(path).at }
  }

  /** Those of its members that are there, as variables behind `prefix`. */
  variables(keys: readonly string[], prefix = ''): readonly (readonly [string, Variable])[] {
    return keys.flatMap((key) => {
      const member = this.member(key)
      return member === undefined ? [] : [[`${prefix}${key}`, member.variable()] as const]
    })
  }

  fault(message: string, hint?: string, code = 'inventory-value'): void {
    this.#problems.push({ code, message, at: this.at, ...definedMembers({ hint }) })
  }

  #value(): Json | undefined {
    return locatedAt(this.#located, this.#path)?.value
  }

  #part(...steps: Path): RosterPart {
    return new RosterPart(this.#located, [...this.#path, ...steps], this.#problems)
  }

  #mapping(): ReadonlyMap<string, RosterPart> {
    const value = this.#value()
    if (isJsonObject(value)) return this.#merged()
    if (value !== null && value !== undefined) this.fault('a mapping is expected here')
    return new Map()
  }

  #merged(): ReadonlyMap<string, RosterPart> {
    const own = new Map(this.#keys().map((key) => [key, this.#part(key)]))
    const merge = own.get(MERGE)
    if (merge === undefined) return own
    own.delete(MERGE)
    const parts = Array.isArray(merge.#value()) ? merge.items() : [merge]
    return new Map([...parts.toReversed().flatMap((part) => [...part.#mapping()]), ...own])
  }

  #keys(): readonly string[] {
    return [...(locatedAt(this.#located, this.#path)?.spot.members.keys() ?? [])]
  }

  #plain(): RosterValue {
    const value = this.#value()
    if (Array.isArray(value)) return this.items().map((item) => item.#plain())
    if (isJsonObject(value)) return this.#plainMap()
    const isFloat = typeof value === 'number' && /[.eE]/.test(writtenAt(this.#located, this.#path) ?? '')
    if (isFloat && Number.isInteger(value)) return new WholeFloat(value)
    return (value ?? null) as RosterValue
  }

  #plainMap(): RosterValue {
    const members = this.members()
    const map = Object.fromEntries(members.map(([key, member]) => [key, member.#plain()]))
    keepKeys(
      map,
      members.map(([key]) => key),
    )
    return map
  }

  #below(path: Path): RosterPart {
    return path.reduce<RosterPart>((part, step) => {
      const member = typeof step === 'string' && isJsonObject(part.#value()) ? part.#merged().get(step) : undefined
      return member ?? part.#part(step)
    }, this)
  }
}

/** A part that a source never says is absent. */
export interface ConnectionNames {
  readonly host: string
  readonly port?: string
  readonly platform?: string
}
