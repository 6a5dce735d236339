import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { EosflowError, messageOf } from '../../src/model/error.ts'

test.each<[unknown, string]>([
  [new EosflowError('refused', 'no such VLAN'), 'no such VLAN'],
  [new TypeError('fetch failed'), 'fetch failed'],
  ['ended', 'ended'],
  [undefined, 'undefined'],
  [7, '7'],
])('what %s says', (thrown, said) => {
  expect(messageOf(thrown)).toBe(said)
})

test('no other file has the expression of its own', () => {
  const source = new URL('../../src/', import.meta.url).pathname
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
  expect(files.length).toBeGreaterThan(1_500)
  const inline = /([\w.]+) instanceof Error\s*\? \1\.message\s*: String\(\1\)/
  // The script of a browser imports no room.
  expect(files.filter((file) => inline.test(readFileSync(join(source, file), 'utf8')))).toEqual([
    'model/error.ts',
    'web/passkey.ts',
  ])
})
