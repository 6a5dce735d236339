import { VirtualClock } from '../../../src/trial/virtual-clock.ts'
import { freshDatabase, openedAt, serverForTests } from '../../postgres/store-for-test.ts'
import { describeStore } from '../store-contract.ts'

const servers = serverForTests(['fsync = off'])

describeStore('PostgreSQL', async (clock = new VirtualClock()) =>
  openedAt(await freshDatabase(servers.server), { clock }),
)
