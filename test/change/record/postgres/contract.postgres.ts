import { rotateKey } from '../../../../src/change/record/postgres/rotate-key.ts'
import { KeyRing } from '../../../../src/change/record/seal/store-keys.ts'
import { VirtualClock } from '../../../../src/lab/trial/timeline.ts'
import { asSuperuser, freshDatabase, openedAt, serverForTests } from '../../../postgres/store-for-test.ts'
import { ALICE } from '../one-of-each-event.ts'
import { BOTH, describePlace } from '../place-contract.ts'
import { describeStore } from '../store-contract.ts'
import { verified } from './filled-store.ts'

const servers = serverForTests()

describeStore('PostgreSQL', async (clock = new VirtualClock()) =>
  openedAt(await freshDatabase(servers.server), { clock }),
)
describePlace('a database', async () => {
  const address = await freshDatabase(servers.server)
  return {
    open: (installKey, as) =>
      openedAt(as === 'keeper' ? { ...address, user: 'postgres' } : address, installKey && { installKey }),
    alter: async (...statements) =>
      void (await asSuperuser(address, 'SET session_replication_role = replica', ...statements)),
    rotate: (keys = BOTH) =>
      rotateKey(
        { ...address, user: 'postgres' },
        {
          ring: new KeyRing(keys),
          principal: ALICE,
          reason: 'a laptop was lost',
          now: '2026-01-05T09:00:00.000Z',
          scrub: (text) => text,
        },
      ),
    fault: async (keys) => (await verified(address, [], keys ?? 'none')).fault,
  }
})
