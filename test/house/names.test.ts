import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

/** An exported type, and the file that declares it. */
interface Declared {
  readonly name: string
  readonly file: string
}

const source = new URL('../../src/', import.meta.url).pathname
const declared: readonly Declared[] = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .flatMap((file) => typesIn(file, readFileSync(join(source, file), 'utf8')))

/** Names of one word that look like a participle or an adjective and are none. */
const NOUNS: Readonly<Record<string, string>> = {
  Beginning: 'the noun',
  Finding: 'the noun: what a check or a review has found',
  Happening: 'the noun: one thing that happened',
  Listing: 'the noun: what a list shows',
  Meaning: 'the noun',
  Ruling: 'the noun: what a rule has decided',
  Thing: 'the noun: what a change is of, or a value of a template that is no data',
  Undefined: "the name of Jinja2's own class",
  Warning: 'the noun',
}

/** Participles without a regular ending, adjectives, adverbs, prepositions and conjunctions. */
const NO_NOUNS =
  'Abnormal About Absent Active Again Against Alone Because Before Begun Behind Bound Broken Chosen Clean Done Drawn Driven Early Elsewhere Found Frozen Given Gone Held Hidden Hopeless Human Kept Known Late Lost Made Meanwhile Met Native Newest Now Oldest Present Proven Put Said Secretless Seen Sent Set Shown Slow Spent Spoken Still Taken Through Told Understood Unproven Unreachable Urgent Whose Written'.split(
    ' ',
  )

/** Particles at the end of a name: `LeftOut`, `SentTo` and `BegunSince` have no noun either. */
const PARTICIPLE_AND_PARTICLE =
  /^(?:[A-Z][a-z]+(?:ed|ing)|Begun|Brought|Came|Done|Found|Given|Held|Kept|Left|Lost|Made|Proven|Put|Read|Sent|Shown|Told|Written)(?:Ahead|Alone|Aside|Away|Back|Before|By|Early|Here|Of|Off|On|Once|OnRecord|Out|Since|SoFar|To|Together|Up)$/

/** A noun before its participle: `RowFound` is a `FoundRow`. */
const NOUN_AND_PARTICIPLE =
  /[a-z](?:Asked|Begun|Collected|Decided|Found|Given|Gone|Held|Kept|Left|Made|Sent|Shown|Told|Wanted|Written)$/

/** Names that say nothing to somebody who reads them for the first time. */
const METAPHORS =
  'Courier Desk EngineRoom Flights Hearing Knowledge Lane Letter Moment Office Posts Reading Standing Word'.split(' ')

describe('names of exported types', () => {
  test('all of them are looked at', () => {
    expect(declared.length).toBeGreaterThan(2_200)
    expect(new Set(declared.map(({ file }) => file)).size).toBeGreaterThan(1_150)
  })

  test('none has more than two owners', () => {
    const owners = new Map<string, string[]>()
    for (const { name, file } of declared) owners.set(name, [...(owners.get(name) ?? []), file])
    const many = [...owners].filter(([, files]) => files.length > 2)
    expect(many.map(([name, files]) => `${name}: ${files.join(', ')}`)).toEqual([])
  })

  test('each is a noun', () => {
    expect(declared.filter(({ name }) => !isNoun(name)).map(({ name, file }) => `${name}: ${file}`)).toEqual([])
  })

  test('none is a metaphor', () => {
    expect(declared.filter(({ name }) => METAPHORS.includes(name))).toEqual([])
  })

  test('no exception is without a use', () => {
    const names = new Set(declared.map(({ name }) => name))
    expect(Object.keys(NOUNS).filter((name) => !names.has(name))).toEqual([])
  })
})

describe('the rule', () => {
  test.each(['Kept', 'Leaving', 'Asked', 'Given', 'Slow', 'LeftOut', 'SentTo', 'BegunSince', 'AskedOnce', 'RowFound'])(
    '%s is no noun',
    (name) => expect(isNoun(name)).toBe(false),
  )

  test.each(['Plan', 'Warning', 'KeptPlan', 'LostTail', 'StepUp', 'LinkDown', 'SentTexts'])('%s is a noun', (name) =>
    expect(isNoun(name)).toBe(true),
  )

  test('interfaces, types and classes are found, and nothing that is only passed on', () => {
    const text = [
      '/** A. */',
      'export interface Apple {',
      'export type Pear<T> = T',
      'export abstract class Plum {}',
      'export class Fig extends Error {}',
      'interface Own {}',
      "export type { Grape } from './grape.ts'",
      'export const schema = 1',
    ].join('\n')
    expect(typesIn('fruit.ts', text).map(({ name }) => name)).toEqual(['Apple', 'Pear', 'Plum', 'Fig'])
  })
})

function typesIn(file: string, text: string): readonly Declared[] {
  const found = text.matchAll(/^export (?:declare )?(?:abstract )?(?:interface|type|class) ([A-Za-z0-9_]+)/gm)
  return [...found].map(([, name = '']) => ({ name, file }))
}

function isNoun(name: string): boolean {
  if (Object.hasOwn(NOUNS, name)) return true
  if (PARTICIPLE_AND_PARTICLE.test(name) || NOUN_AND_PARTICIPLE.test(name)) return false
  if (!/^[A-Z][a-z0-9]+$/.test(name)) return true
  return !NO_NOUNS.includes(name) && !/(?:ed|ing)$/.test(name)
}
