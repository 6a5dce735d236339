import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { lineStartsOf, type Spot } from '../../../src/text/source/located.ts'
import { readPlainYaml } from '../../../src/text/source/plain-yaml.ts'
import { readByPackage } from '../../../src/text/source/yaml.ts'

const plainly = (text: string): unknown => {
  const read = readPlainYaml(text)
  return read === undefined ? undefined : { value: read.value, spot: written(read.spot) }
}

const byPackage = (text: string): unknown => {
  const read = readByPackage(text, { file: 'a.yaml', lineStarts: lineStartsOf(text) })
  return read.ok ? { value: read.value.value, spot: written(read.value.spot) } : read.problems
}

const written = (spot: Spot): unknown => ({
  ...spot,
  members: [...spot.members].map(([name, member]) => [name, written(member)]),
})

/** Which texts are read plainly, and otherwise than by the package. */
function compared(texts: readonly string[]): { readonly plain: number; readonly other: readonly string[] } {
  const plain = texts.filter((text) => readPlainYaml(text) !== undefined)
  // Keys in the order of the text, too.
  const other = plain.filter((text) => JSON.stringify(plainly(text)) !== JSON.stringify(byPackage(text)))
  return { plain: plain.length, other }
}

/** What texts are made of: what the reader knows, and what means something to YAML alone. */
const PIECES = [
  ...['a', 'b: ', 'c:', '- ', '\n', '  ', '    ', '{', '}', '[', ']', ',', ', ', ': ', ':', '"', "'", '#', ' # x', '1'],
  ...['007', '-5', '1.5', 'null', 'true', '\n', '\n  ', '\n- ', '\n  - ', 'k: v', '\nk: v', 'x y', '10.0.0.1', '---'],
  ...['...', '0x1', '~', '|', '>', '&a', '*a', '!t', '%', '?', '? ', '<<: ', 'é', '@', '-', '+1', '.5', '.inf', '1e5'],
  ...['"q"', "'s'", '"q": ', 'null: ', '\n\n', '$', '/', '_', '\t', '\r\n', '\\'],
]

/** Numbers below a limit, one after the other, from a seed (Numerical Recipes' linear congruence). */
function drawing(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return (state >>> 8) % below
  }
}

const FILES = execFileSync('git', ['ls-files', '*.yaml', '*.yml'], { encoding: 'utf8' })
  .trim()
  .split('\n')
  .map((file) => readFileSync(file, 'utf8'))

describe('what is read plainly is what the package reads, with the same places', () => {
  test('of the files of this project', () => {
    const { plain, other } = compared(FILES)
    expect(other).toEqual([])
    expect(plain).toBeGreaterThan(30)
  })

  test('of texts that are made of pieces, and of files with pieces in them', () => {
    const draw = drawing(20261127)
    const one = <T>(of: readonly T[]): T => of[draw(of.length)] as T
    const made = Array.from({ length: 4_000 }, () => Array.from({ length: 1 + draw(14) }, () => one(PIECES)).join(''))
    const spoilt = Array.from({ length: 400 }, () => {
      const lines = one(FILES).split('\n')
      const from = draw(lines.length)
      const text = lines.slice(from, from + 2 + draw(20)).join('\n')
      const at = draw(text.length + 1)
      return text.slice(0, at) + one(PIECES) + text.slice(at + draw(3))
    })
    const found = [compared(made), compared(spoilt)]
    expect(found.flatMap(({ other }) => other)).toEqual([])
    for (const { plain } of found) expect(plain).toBeGreaterThan(40)
  })
})

test.each<[string, unknown]>([
  ['a: 1', { a: 1 }],
  ['---\n# x\na: -5 # y\n\nb: x: y'.replace('x: y', 'x:y'), { a: -5, b: 'x:y' }],
  ['a:\n- b: 1\n  c: [x, "y", {z: true}]\n- d', { a: [{ b: 1, c: ['x', 'y', { z: true }] }, 'd'] }],
  ['{"a":"b","c":[1,2],\n"d":{}}\n', { a: 'b', c: [1, 2], d: {} }],
  [
    'host: 10.0.0.1\nversion: 4.31.2F\nmac: 00:1c:73:00:00:01\nnote: two words, {no} map',
    {
      host: '10.0.0.1',
      version: '4.31.2F',
      mac: '00:1c:73:00:00:01',
      note: 'two words, {no} map',
    },
  ],
])('%j', (text, value) => {
  expect(readPlainYaml(text)?.value).toEqual(value)
})

test.each([
  ['nothing', ''],
  ['a scalar alone', 'a'],
  ['an empty value', 'a:\nb: 1'],
  ['a key twice', 'a: 1\na: 2'],
  ['a key of the object machinery', '__proto__: 1'],
  ['a number that prints otherwise', 'a: 010'],
  ['a number that is not whole', 'a: 1.0'],
  ['a text that goes on', 'a: b\n  c'],
  ['a block text', 'a: |\n  b'],
  ['an anchor', 'a: &b c'],
  ['a tag', 'a: !b c'],
  ['a merge', '<<: {a: 1}'],
  ['an escape', 'a: "\\t"'],
  ['a tab', 'a:\tb'],
  ['brackets over lines within a block', 'a: [b,\n  c]'],
  ['a second document', 'a: 1\n---\nb: 2'],
  ['a wrong indentation', 'a:\n    b: 1\n  c: 2'],
  ['a value that holds a colon', 'a: b: c'],
  ['a bracket that is open', 'a: [b'],
  ['a text of millions of characters', `a: ${'x'.repeat(10_000_000)}`],
  ['millions of blank lines', `${'\n'.repeat(10_000_000)}a: 1`],
  ['deep brackets', `a: ${'['.repeat(20)}${']'.repeat(20)}`],
])('%s is left to the package', (_, text) => {
  expect(readPlainYaml(text)).toBeUndefined()
})
