import { expect, test } from 'vitest'
import { KeyRing, storeKeys } from '../../../src/change/record/seal/store-keys.ts'
import {
  type RotationRow,
  requireOrder,
  rotationFault,
  rotationOf,
} from '../../../src/change/record/store/install-rotation.ts'

const [FIRST, SECOND, THIRD] = ['1', '2', '3'].map((digit) => digit.repeat(64)) as [string, string, string]
const origin = 'eosflow.audit/0011223344556677'
const before = new Uint8Array(32).fill(9)
const ring = new KeyRing({ key: SECOND, old: [FIRST] })
const check = (key: string) => storeKeys(key).check

/** A record that a key was replaced by another, behind a record of the hash `prev`. */
function row(seq: number, event: object, prev = before) {
  const body = JSON.stringify({ v: 1, seq, at: '2026-01-05T08:00:00.000Z', actor: 'a', reason: 'r', ...event })
  return { seq, body, prev }
}

const rotation = (from = FIRST, to = SECOND) => rotationOf(storeKeys(from), storeKeys(to), { origin, before })

const faultOf = (...rows: readonly RotationRow[]) => rotationFault(rows, { origin, check: check(SECOND), ring })

test('a rotation to which both keys have agreed holds', () => {
  expect(faultOf(row(7, rotation()))).toBeUndefined()
  expect(faultOf()).toBeUndefined()
})

test('one that the key before has not sealed is found, and so is one that the new key has not', () => {
  const { proofs, ...bare } = rotation()
  const not = (id: string) => ({ seq: 7, reason: `the key ${id} has not agreed to this rotation` })
  const [first, second] = [check(FIRST).slice(0, 8), check(SECOND).slice(0, 8)]
  expect(faultOf(row(7, { ...bare, proofs: { ...proofs, from: rotation(THIRD).proofs.from } }))).toEqual(not(first))
  expect(faultOf(row(7, { ...bare, proofs: { ...proofs, to: proofs.from } }))).toEqual(not(second))
  expect(faultOf(row(7, bare))).toEqual(not(first))
})

test('what was agreed to at one place of the record is worth nothing at another', () => {
  expect(faultOf(row(7, rotation(), new Uint8Array(32)))).toMatchObject({
    seq: 7,
    reason: expect.stringContaining('has not agreed'),
  })
})

test('without the key before, its agreement is not judged', () => {
  const { proofs, ...bare } = rotation()
  const forged = row(7, { ...bare, proofs: { ...proofs, from: 'x' } })
  const alone = new KeyRing(SECOND)
  expect(rotationFault([forged], { origin, check: check(SECOND), ring: alone })).toBeUndefined()
})

test('a rotation goes on from the key of the one before it, and the store is under the last', () => {
  const skipped = faultOf(row(7, rotation(FIRST, THIRD)), row(8, rotation(FIRST, SECOND)))
  expect(skipped).toMatchObject({
    seq: 8,
    reason: expect.stringMatching(/^the store was rotated to the key .* before, and here from/),
  })
  expect(faultOf(row(7, rotation(FIRST, THIRD)))).toMatchObject({
    seq: 7,
    reason: expect.stringMatching(/^the store was rotated to the key .*, and says that it is under/),
  })
})

test('the next key is one that no store was under before, and the present one is not given as that', () => {
  const given = (key: string, next: string, old: readonly string[] = []) => new KeyRing({ key, next, old })
  const rows = [row(7, rotation())]
  const swapped = /^the install keys are swapped: the store is under [0-9a-f]{8}, which is given as the next one/
  const before = /which is given as the next one, was replaced before: no store goes back to it$/
  const order = (rotations: readonly RotationRow[], under: string, ring: KeyRing) => () =>
    requireOrder(rotations, check(under), ring)
  for (const fine of [
    order([], FIRST, given(FIRST, SECOND)),
    order(rows, SECOND, given(FIRST, SECOND)),
    order(rows, SECOND, given(SECOND, THIRD)),
    order(rows, SECOND, given(SECOND, FIRST, [FIRST])),
    order(rows, SECOND, new KeyRing(SECOND)),
  ])
    expect(fine).not.toThrow()
  expect(order([], FIRST, given(SECOND, FIRST))).toThrow(swapped)
  expect(order(rows, SECOND, given(THIRD, SECOND))).toThrow(swapped)
  expect(order(rows, SECOND, given(SECOND, FIRST))).toThrow(before)
})
