import { expect, test } from 'vitest'
import { combined, onEach, onEachNow } from '../../../src/change/task/act/act.ts'
import { EosflowError, type ErrorKind } from '../../../src/model/error.ts'

const failure = (kind: ErrorKind, more: { readonly hint?: string } = {}) =>
  new EosflowError(kind, `leaf: ${kind}`, more)

test('all switches are asked, and what each gives comes in their order', async () => {
  expect(await onEach(['leaf2', 'leaf1'], async (name) => `${name}!`)).toEqual(['leaf2!', 'leaf1!'])
})

test('one failure is thrown as it is, and several as the gravest, which names all', async () => {
  const only = failure('busy')
  await expect(
    onEach(['leaf1', 'leaf2'], async (name) => (name === 'leaf1' ? Promise.reject(only) : name)),
  ).rejects.toBe(only)
  const refused = failure('refused', { hint: 'look' })
  const both = combined([failure('busy'), refused])
  expect(both).toMatchObject({ kind: 'refused', message: 'leaf: busy\nleaf: refused', hint: 'look', cause: refused })
})

test.each<[ErrorKind, ErrorKind]>([
  ['stale', 'unreachable'],
  ['bug', 'store'],
  ['protocol', 'busy'],
  // What is in no order is the least of all.
  ['busy', 'cancelled'],
  ['busy', 'secret'],
])('%s is graver than %s', (graver, other) => {
  expect(combined([failure(other), failure(graver)])).toMatchObject({ kind: graver })
  expect(combined([failure(graver), failure(other)])).toMatchObject({ kind: graver })
})

test('what nobody has foreseen comes before everything that has a kind', () => {
  const unforeseen = new RangeError('what')
  expect(combined([failure('bug'), unforeseen])).toBe(unforeseen)
  expect(combined([unforeseen, failure('bug')])).toBe(unforeseen)
})

test('[3T19] of lines that may not be sent all switches of one line are named together', () => {
  const guard = (device: string, ...lines: readonly string[]) =>
    new EosflowError('guard', lines.map((line) => `${device}: ${line}`).join('\n'), { device, hint: 'Correct them.' })
  const found = () =>
    onEachNow(['leaf1', 'leaf2', 'leaf3'], (name) => {
      throw guard(name, '"ntp serer" is misspelt', ...(name === 'leaf2' ? ['"hostanme" is misspelt'] : []))
    })
  expect(found).toThrow('leaf1, leaf2, leaf3: "ntp serer" is misspelt\nleaf2: "hostanme" is misspelt')
  expect(onEachNow(['leaf1'], (name) => `${name}!`)).toEqual(['leaf1!'])
})
