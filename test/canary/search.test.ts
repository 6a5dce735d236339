import { expect, test } from 'vitest'
import { search } from './canaries.ts'

const CANARIES = [
  { name: 'short', value: 'ab?c' },
  { name: 'longer', value: 'ab?cd' },
]

const foundIn = (text: string) =>
  search(new Map([['place', Buffer.from(text)]]), CANARIES).map(({ canary, encoding }) => `${canary}: ${encoding}`)

test('of forms that begin alike each is found by itself, up to the last byte', () => {
  expect(foundIn('ab?ab?c')).toEqual(['short: plain', 'short: JSON'])
  expect(foundIn('xab?cd')).toEqual(['short: plain', 'short: JSON', 'longer: plain', 'longer: JSON'])
  expect(foundIn('ab%3Fc')).toEqual(['short: URL'])
  expect(foundIn('61623F6364')).toEqual(['short: hex', 'longer: hex'])
  expect(foundIn('ab?')).toEqual([])
  expect(foundIn('')).toEqual([])
})

test('the first of several is shown, with eighty bytes before it', () => {
  const bytes = Buffer.from(`${'.'.repeat(100)}ab?c one, ab?c two`)
  expect(search(new Map([['place', bytes]]), CANARIES.slice(0, 1))[0]).toEqual({
    canary: 'short',
    encoding: 'plain',
    place: 'place',
    around: `${'.'.repeat(80)}ab?c one, ab?c two`,
  })
})

test('a form of one byte is refused', () => {
  expect(() => search(new Map(), [{ name: 'one', value: 'a' }])).toThrow('one is too short to be looked for')
})
