import { expect, test } from 'vitest'
import { checkpointSigner, NO_CHECKPOINT } from '../../../../src/change/record/audit/chains-checkpoint.ts'
import { chainsTestimonyOf } from '../../../../src/change/record/audit/chains-testimony.ts'
import { checkpointLine, checkpointNotesIn } from '../../../../src/change/record/audit/signed-note.ts'
import { signingKeyOf } from '../../../../src/model/ed25519.ts'

const ORIGIN = 'eosflow.audit/db-01'
const signer = checkpointSigner(signingKeyOf(Buffer.alloc(32, 1)))
const other = checkpointSigner(signingKeyOf(Buffer.alloc(32, 2)))

const noteAt = (seq: number, by = signer, origin = ORIGIN) => {
  const root = Buffer.alloc(32, seq)
  const checkpoint = { origin, number: 1, before: NO_CHECKPOINT, register: { n: seq, hash: root }, seq }
  return by.signChains({ ...checkpoint, heads: { count: 1, root } }, '2026-01-05T09:00:00.000Z').note
}
const note = noteAt(6)

const heardIn = (text: string) =>
  chainsTestimonyOf(
    checkpointNotesIn(text).map((found) => ({ note: found })),
    'worm',
    { origin: ORIGIN, verifier: signer },
  )

test.each([
  ['as they are', `${note}\n${note}`, 2],
  ['in lines of syslog', `<110>1 2026 h eosflow - CHECKPOINT [x@1 seq="6"] ${checkpointLine(note)}other line\n`, 1],
  ['nowhere', 'nothing\n', 0],
])('checkpoints from outside are found %s', (_name, text, count) => {
  expect(checkpointNotesIn(text)).toEqual(Array.from({ length: count }, () => note))
})

test('those of other stores are not judged', () => {
  const foreign = noteAt(6, other, 'eosflow.audit/db-02')
  expect(heardIn(`${note}\n${foreign}`)).toMatchObject({ witnesses: [{ seq: 6, place: 'worm' }] })
  expect(heardIn(`${note}\n${foreign}`).fault).toBeUndefined()
  expect(heardIn(noteAt(6, other)).fault).toBe(
    'a checkpoint in worm is not to be trusted: it is signed with another key',
  )
})

test('one that was left by half, wherever it was cut, is neither a fault nor in the way of the next', {
  tags: 'long',
}, () => {
  const next = noteAt(5)
  for (let cut = 0; cut < note.length; cut += 1) {
    const file = `${note.slice(0, cut)}\n${next}\n`
    expect(heardIn(file).fault, file).toBeUndefined()
    expect(heardIn(file).witnesses.at(-1), file).toMatchObject({ seq: 5 })
    expect(heardIn(note.slice(0, cut)).fault, file).toBeUndefined()
  }
})

test('a line that is no JSON, which anybody may write into a log, hides none', () => {
  expect(checkpointNotesIn(`{"checkpoint":"\\x"}\n${checkpointLine(note)}`)).toEqual([note])
})

test('on the wire they are ASCII on one line', () => {
  expect(checkpointLine(note)).toMatch(/^[\x20-\x7e]+\n$/)
})
