import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { catalogueChecks } from '../../../src/eos/check/builtin/index.ts'
import { isJsonObject, type Json } from '../../../src/model/json.ts'

/** What ends a command, joins another to it, or has a shell read it otherwise. */
const HOSTILE = ['\n', '\r', '|', ';', '>', '<', '`', '$', '&', '"', "'", '\\', '\0', '\u2028']

/** A word of the example with something hostile before, within or behind it. */
const smuggled = (word: string) =>
  fc
    .tuple(fc.constantFrom(...HOSTILE), fc.constantFrom('reload', ' reload', 'reload now', '(id)'), fc.nat(word.length))
    .map(([sign, more, at]) => `${word.slice(0, at)}${sign}${more}${word.slice(at)}`)

interface Place {
  readonly word: string
  readonly with: (text: Json) => Json
}

/** Of a JSON schema what leads to the keys that an input may have. */
interface Keys {
  readonly properties?: Readonly<Record<string, Keys>>
  readonly items?: Keys
  readonly anyOf?: readonly Keys[]
}

const keysIn = (schema: Keys): Readonly<Record<string, Keys>> =>
  Object.assign({}, schema.properties, ...(schema.anyOf ?? []).map(keysIn))

const itemsIn = (schema: Keys): Keys =>
  schema.items ?? (schema.anyOf ?? []).map(itemsIn).find(({ properties }) => properties) ?? {}

/** Every scalar of an input and every key that it could have, each with the input that has another text there. */
function placesIn(json: Json | undefined, schema: Keys): readonly Place[] {
  if (Array.isArray(json)) {
    return json.flatMap((member: Json, index) =>
      placesIn(member, itemsIn(schema)).map((place) => ({
        ...place,
        with: (text) => json.with(index, place.with(text)),
      })),
    )
  }
  if (isJsonObject(json)) {
    return Object.entries({ ...keysIn(schema), ...json }).flatMap(([key, either]) =>
      placesIn(Object.hasOwn(json, key) ? (either as Json) : undefined, keysIn(schema)[key] ?? {}).map((place) => ({
        ...place,
        with: (text) => ({ ...json, [key]: place.with(text) }),
      })),
    )
  }
  return [{ word: String(json ?? 'x'), with: (text) => text }]
}

/** How often each hostile sign stands in a command. */
const signsIn = (cmd: string) => HOSTILE.map((sign) => cmd.split(sign).length)

const askedBy = (name: string, inputs: Json): readonly string[] | undefined => {
  const check = catalogueChecks.find((one) => one.name === name)
  const parsed = check?.input.safeParse(inputs)
  return check !== undefined && parsed?.success ? check.commands(parsed.data).map(({ cmd }) => cmd) : undefined
}

const withExample = catalogueChecks.flatMap(({ name, example }) => (example === undefined ? [] : [{ name, example }]))

describe('no input of a check brings another command with it', () => {
  test.each(withExample.map((one) => [one.name, one.example] as const))('%s', (name, example) => {
    const asked = askedBy(name, example) ?? []
    const input = catalogueChecks.find((one) => one.name === name)?.input ?? z.never()
    const places = placesIn(example, z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' }) as Keys)
    expect(asked.length).toBeGreaterThan(0)
    expect(places.length).toBeGreaterThan(0)
    for (const place of places) {
      fc.assert(
        fc.property(smuggled(place.word), (text) => {
          const hostile = askedBy(name, place.with(text)) ?? []
          for (const [index, cmd] of hostile.entries()) expect(signsIn(cmd)).toEqual(signsIn(asked[index] ?? ''))
        }),
        { numRuns: 4 },
      )
    }
  })

  test('every check whose commands depend on its inputs has an example', () => {
    const without = catalogueChecks.filter(({ example }) => example === undefined)
    const dependent = without.filter(({ commands, input }) => {
      const parsed = input.safeParse({})
      return !parsed.success || commands(parsed.data).length === 0
    })
    expect(dependent.map(({ name }) => name)).toEqual([])
    expect(withExample.length).toBeGreaterThan(20)
  })
})
