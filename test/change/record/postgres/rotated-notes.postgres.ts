import { expect, onTestFinished, test } from 'vitest'
import { openPostgresStore } from '../../../../src/change/record/postgres/open-postgres-store.ts'
import { rotateKey } from '../../../../src/change/record/postgres/rotate-key.ts'
import { KeyRing } from '../../../../src/change/record/seal/store-keys.ts'
import type { Notes } from '../../../../src/change/record/store/notes.ts'
import type { InstallKeys } from '../../../../src/model/install-keys.ts'
import { systemClock } from '../../../../src/project/system/machine/system-clock.ts'
import { freshDatabase, serverForTests } from '../../../postgres/store-for-test.ts'
import { ALICE } from '../one-of-each-event.ts'
import { KEY as OLD } from '../sqlite/open-for-test.ts'

const servers = serverForTests()

const NEW = 'fedcba9876543210'.repeat(4)
const BOTH: InstallKeys = { key: OLD, next: NEW, old: [] }
const TERM = { lasts: 60_000 }

/** The notes of processes that are open while the store is rotated, and that have asked it nothing else. */
async function open(keys: readonly InstallKeys[]) {
  const address = await freshDatabase(servers.server)
  const notesOf = async (installKey: InstallKeys) => {
    const { store, notes } = await openPostgresStore({ address, installKey, clock: systemClock, isReplicated: false })
    onTestFinished(() => store.close())
    return notes
  }
  const notes = await Promise.all(keys.map(notesOf))
  const rotate = () =>
    rotateKey(
      { ...address, user: 'postgres' },
      {
        ring: new KeyRing(BOTH),
        principal: ALICE,
        reason: 'a laptop was lost',
        now: '2026-01-05T09:00:00.000Z',
        scrub: (text) => text,
      },
    )
  return { notes, notesOf, rotate }
}

/** What notes are asked for, each by a process of its own, with what it gives behind a rotation. */
const QUESTIONS: readonly (readonly [name: string, ask: (notes: Notes) => Promise<unknown>, gives: unknown])[] = [
  ['read', (notes) => notes.read('session', 'ann'), undefined],
  ['all', (notes) => notes.all('session'), []],
  ['present', (notes) => notes.present('session', ['ann']), new Map()],
  ['take', (notes) => notes.take('session', 'ann'), undefined],
  ['extend', (notes) => notes.extend('session', 'ann', 1), false],
  ['put', (notes) => notes.put('session', 'ann', 'another', TERM), true],
]

test.each(QUESTIONS)(
  'a process that asks notes alone knows of a rotation with its next question: %s',
  async (_, ask, gives) => {
    const { notes, rotate } = await open([BOTH])
    const [one] = notes
    if (one === undefined) throw new Error('no process')
    await one.put('session', 'ann', 'ann', TERM)
    await rotate()
    expect(await ask(one)).toEqual(gives)
  },
)

test('what is used behind a rotation is used for a process that was open before it, and has asked nothing since', async () => {
  const { notes, notesOf, rotate } = await open([BOTH, BOTH])
  const [idle, other] = notes
  await other?.put('spent', 'before', '', TERM)
  await rotate()
  const fresh = await notesOf({ key: NEW, old: [OLD] })
  expect(await fresh.put('spent', 'token', '', TERM)).toBe(true)
  expect(await idle?.put('spent', 'before', '', TERM)).toBe(false)
  expect(await idle?.put('spent', 'token', '', TERM)).toBe(false)
  await fresh.set('drift', 'leaf1', 'same', TERM)
  expect(await other?.read('drift', 'leaf1')).toMatchObject({ text: 'same' })
  await other?.set('drift', 'leaf1', 'differs', TERM)
  expect(await fresh.all('drift')).toEqual(['differs'])
})

test('a process with the old key alone is refused by name', async () => {
  const { notes, rotate } = await open([{ key: OLD, old: [] }])
  const [one] = notes
  await one?.put('session', 'ann', 'ann', TERM)
  await rotate()
  const refused = { kind: 'store', message: expect.stringContaining('was written under another key') }
  await expect(one?.read('session', 'ann')).rejects.toMatchObject(refused)
  await expect(one?.put('session', 'ben', 'ben', TERM)).rejects.toMatchObject(refused)
})
