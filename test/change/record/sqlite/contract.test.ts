import { noSegmentFiles } from '../../../../src/change/record/chains/retired-segments.ts'
import { KeyRing } from '../../../../src/change/record/seal/store-keys.ts'
import { readChainsFile } from '../../../../src/change/record/sqlite/read-chains.ts'
import { rotateKey } from '../../../../src/change/record/sqlite/rotate-key.ts'
import { VirtualClock } from '../../../../src/lab/trial/timeline.ts'
import { signingKeyOf } from '../../../../src/model/ed25519.ts'
import { ALICE } from '../one-of-each-event.ts'
import { BOTH, describePlace } from '../place-contract.ts'
import { describeStore } from '../store-contract.ts'
import { freshPath, KEY, openForTest, tamper } from './open-for-test.ts'

describeStore('[F41] chains in SQLite, in memory', (clock) => openForTest(':memory:', clock))
describeStore('chains in SQLite, in a file', (clock) => openForTest(freshPath(), clock))
describePlace('a file of SQLite', async () => {
  const [path, clock] = [freshPath(), new VirtualClock()]
  return {
    open: (keys) => openForTest(path, clock, keys ?? KEY),
    alter: async (...statements) => tamper(path, 'PRAGMA foreign_keys = OFF', ...statements),
    alsoPlan: ", plan = 'sha256:b8'",
    rotate: (installKey = BOTH) =>
      rotateKey(path, {
        installKey,
        principal: ALICE,
        reason: 'a laptop was lost',
        now: '2026-01-05T09:00:00.000Z',
        signing: signingKeyOf(Buffer.alloc(32, 7)),
        scrub: (text) => text,
      }),
    fault: async (keys) => (await readChainsFile(path, keys && new KeyRing(keys), noSegmentFiles)).chains.fault,
  }
})
