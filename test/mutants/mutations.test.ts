import { expect, test } from 'vitest'
import { mutate } from './mutations.ts'

const SOURCE = `import { b } from 'b'
const MOST = 3
const KIND = 'kind'
/** A comment: if (a) return 1. */
export async function judge(a: 'x' | 'y', c: boolean): Promise<boolean> {
  if (c && a === 'x') return true
  await b(a)
  if (a !== 'y') throw new Error(\`words for \${a} people\`)
  return a === 'y' || c
}
`

const SWITCHED = `import { b } from 'b'
const MOST = (__mutant(0) ? 4 : 3)
const KIND = 'kind'
/** A comment: if (a) return 1. */
export async function judge(a: 'x' | 'y', c: boolean): Promise<boolean> {
  if ((__mutant(1) !== !!(c)) && (__mutant(2) !== !!(a === (__mutant(3) ? 'mutated' : 'x')))) { if (!__mutant(4)) return (__mutant(5) ? false : true) }
  { if (!__mutant(6)) await b(a) }
  if ((__mutant(7) !== !!(a !== (__mutant(8) ? 'mutated' : 'y')))) { if (!__mutant(9)) throw new Error(\`words for \${a} people\`) }
  { if (!__mutant(11)) return (__mutant(10) !== !!(a === (__mutant(12) ? 'mutated' : 'y'))) || c }
}
`

test('each condition, return, throw, call and constant can be put wrong by its number; types, names and words cannot', () => {
  const { text, mutations } = mutate('src/judge.ts', SOURCE, 0)
  expect(text).toBe(SWITCHED)
  expect(mutations.map(({ id, line, kind, source }) => `${id} ${line} ${kind}: ${source}`)).toEqual([
    '0 2 constant changed: 3',
    '1 6 condition negated: c',
    "2 6 condition negated: a === 'x'",
    "3 6 constant changed: 'x'",
    '4 6 return dropped: return true',
    '5 6 constant changed: true',
    '6 7 call dropped: await b(a)',
    "7 8 condition negated: a !== 'y'",
    "8 8 constant changed: 'y'",
    '9 8 throw dropped: throw new Error(`words for ${a} people`)',
    "10 9 condition negated: a === 'y'",
    "11 9 return dropped: return a === 'y' || c",
    "12 9 constant changed: 'y'",
  ])
  expect(mutations.filter(({ isAtImport }) => isAtImport).map(({ id }) => id)).toEqual([0])
  expect(mutations.filter(({ within }) => within !== 'judge').map(({ id }) => id)).toEqual([0])
})

test('numbers go on where those of the file before end', () => {
  expect(mutate('src/a.ts', 'export const f = () => g(1)', 40).text).toBe(
    'export const f = () => g((__mutant(40) ? 2 : 1))',
  )
})
