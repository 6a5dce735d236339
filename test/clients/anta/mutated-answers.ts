import type { Json, JsonObject } from '../../../src/model/json.ts'
import type { Chance } from '../inventory-generator.ts'
import type { Asked } from './recorded-answers.ts'

/** How an answer was changed in one place. `two` are two changes of any kind. */
export type Mutation = 'none' | 'missing' | 'type' | 'value' | 'order' | 'two'

/** An answer that was changed. */
export interface Mutant extends Asked {
  readonly mutation: Mutation
  /** Where, from the number of the answer on: `0.vrfs.default.state`. */
  readonly place: string
}

type Path = readonly (string | number)[]
type Container = Json[] | Record<string, Json>
/** The values that answers have at a member, by its name. */
type Vocabulary = ReadonlyMap<string, readonly Json[]>

/** Every answer as it is, and with every change of one place. */
export function* mutants(asked: readonly Asked[], chance: Chance): Generator<Mutant> {
  const vocabulary = vocabularyOf(asked)
  for (const one of asked) {
    yield { ...one, mutation: 'none', place: '' }
    for (const path of placesIn(one.answers)) {
      for (const [mutation, change] of changesAt(one.answers, path, vocabulary, chance)) {
        yield { ...one, answers: changed(one.answers, path, change), mutation, place: path.join('.') }
      }
    }
  }
}

/** Answers with changes in two places, without end. */
export function* doubleMutants(asked: readonly Asked[], chance: Chance): Generator<Mutant> {
  const vocabulary = vocabularyOf(asked)
  while (true) {
    const one = chance.of(asked)
    let { answers } = one
    const places: string[] = []
    while (places.length < 2) {
      const paths = [...placesIn(answers)]
      if (paths.length === 0) break
      const path = chance.of(paths)
      const changes = changesAt(answers, path, vocabulary, chance).filter(([mutation]) => mutation !== 'type')
      if (changes.length === 0) break
      answers = changed(answers, path, chance.of(changes)[1])
      places.push(path.join('.'))
    }
    if (places.length === 2) yield { ...one, answers, mutation: 'two', place: places.join(' and ') }
  }
}

function* placesIn(value: Json | readonly Json[], path: Path = []): Generator<Path> {
  if (path.length > 0) yield path
  if (typeof value !== 'object' || value === null) return
  for (const [key, member] of Object.entries(value)) {
    yield* placesIn(member as Json, [...path, Array.isArray(value) ? Number(key) : key])
  }
}

type Change = (parent: Container, key: string | number) => void

const put =
  (value: Json): Change =>
  (parent, key) => {
    Object.assign(parent, { [key]: value })
  }

const remove: Change = (parent, key) => {
  if (Array.isArray(parent)) parent.splice(Number(key), 1)
  else delete parent[key]
}

function changesAt(
  answers: readonly Json[],
  path: Path,
  vocabulary: Vocabulary,
  chance: Chance,
): readonly (readonly [Mutation, Change])[] {
  const old = valueAt(answers, path)
  const isAnswer = path.length === 1
  if (isAnswer && typeof old === 'string') return changesOfText(old, chance)
  const others = otherValues(old, path, vocabulary, chance).map((value) => ['value', put(value)] as const)
  const order = reversed(old)
  return [
    ...(isAnswer ? [] : [['missing', remove] as const, ['type', put(ofAnotherType(old))] as const]),
    ...others,
    ...(order === undefined ? [] : [['order', put(order)] as const]),
  ]
}

function changesOfText(text: string, chance: Chance): readonly (readonly [Mutation, Change])[] {
  const lines = text.split('\n')
  const at = chance.below(lines.length)
  return [
    ['missing', put(lines.toSpliced(at, 1).join('\n'))],
    ['value', put(lines.with(at, `${lines[at]}x`).join('\n'))],
    ...(lines.length > 1 ? [['order', put(lines.toReversed().join('\n'))] as const] : []),
  ]
}

function ofAnotherType(value: Json): Json {
  if (typeof value === 'string') return 7
  if (typeof value === 'number') return 'x7'
  if (typeof value === 'boolean') return 'true'
  return Array.isArray(value) ? {} : []
}

function otherValues(value: Json, path: Path, vocabulary: Vocabulary, chance: Chance): readonly Json[] {
  if (typeof value === 'boolean') return [!value]
  // A whole number stays one: a fraction where EOS counts is another type.
  if (typeof value === 'number') return numbersBeside(value).filter((number) => number !== value)
  if (typeof value !== 'string') return []
  const known = (vocabulary.get(nameOf(path)) ?? []).filter((other) => other !== value)
  return [`${value}x`, ...(known.length === 0 ? [] : [chance.of(known), chance.of(known)])]
}

function numbersBeside(value: number): readonly number[] {
  const whole = [...new Set([value + 1, 0, value * 10])]
  return Number.isInteger(value) ? whole : [...whole, value + 0.5]
}

function reversed(value: Json): Json | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  if (Array.isArray(value)) return value.length > 1 ? value.toReversed() : undefined
  const entries = Object.entries(value as JsonObject)
  return entries.length > 1 ? Object.fromEntries(entries.toReversed()) : undefined
}

function vocabularyOf(asked: readonly Asked[]): Vocabulary {
  const values = new Map<string, Set<Json>>()
  for (const { answers } of asked) {
    for (const path of placesIn(answers)) {
      const value = valueAt(answers, path)
      if (path.length === 1 || typeof value !== 'string') continue
      const known = values.get(nameOf(path)) ?? new Set()
      values.set(nameOf(path), known.add(value))
    }
  }
  return new Map([...values].map(([name, known]) => [name, [...known]]))
}

/** The last name on a path: members of lists have the name of their list. */
const nameOf = (path: Path): string => String(path.findLast((step) => typeof step === 'string') ?? '')

function valueAt(answers: readonly Json[], path: Path): Json {
  let value: unknown = answers
  for (const step of path) value = (value as Record<string, unknown>)[step]
  return value as Json
}

function changed(answers: readonly Json[], path: Path, change: Change): readonly Json[] {
  const copy = structuredClone(answers) as Json[]
  const key = path.at(-1)
  if (key !== undefined) change(valueAt(copy, path.slice(0, -1)) as unknown as Container, key)
  return copy
}
