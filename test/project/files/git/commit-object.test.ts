import { expect, test } from 'vitest'
import { readCommitObject } from '../../../../src/project/identity/signers/commit-signers.ts'

const [SHA1, SHA256] = ['a'.repeat(40), 'a'.repeat(64)]
const HEAD = `tree ${SHA1}\nauthor Bob <b@x> 1 +0000\n`
const COMMITTER = 'committer Bob <b@x> 1767596400 +0100'

/** A commit with these fields behind its author. */
const commit = (...fields: readonly string[]) =>
  Buffer.from(`${HEAD}${fields.map((one) => `${one}\n`).join('')}\ngpgsig of a message\n`)

/** Payload, signature and time. */
const taken = (raw: Buffer, id = SHA1) => {
  const { payload, signature, at } = readCommitObject(raw, id)
  return [payload.toString(), signature, at]
}

test('a commit is signed by the one field of its kind of id, and no field of a signature is signed', () => {
  const plain = `${HEAD}${COMMITTER}\n\ngpgsig of a message\n`
  const at = 1_767_596_400_000
  expect([
    taken(commit(COMMITTER)),
    taken(commit(COMMITTER, 'gpgsig A\n B\n C')),
    taken(commit(COMMITTER, 'gpgsig A\n B', 'gpgsig-sha256 X\n Y')),
    taken(commit(COMMITTER, 'gpgsig A\n B', 'gpgsig-sha256 X\n Y'), SHA256),
    taken(commit(COMMITTER, 'gpgsig A', 'gpgsig B')),
    taken(commit('gpgsig A', COMMITTER)),
  ]).toEqual([
    [plain, undefined, at],
    [plain, 'A\nB\nC\n', at],
    [plain, 'A\nB\n', at],
    [plain, 'X\nY\n', at],
    [plain, undefined, at],
    [plain, 'A\n', at],
  ])
})

test('a time is that of the committer, and of nothing that looks like it in another field', () => {
  const fields = ['committer Bob <b@x> soon +0000', `mergetag object ${SHA1}\n ${COMMITTER}`]
  expect(taken(commit(...fields))[2]).toBe(undefined)
})
