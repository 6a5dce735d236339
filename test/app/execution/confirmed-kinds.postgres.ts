import { systemClock } from '../../../src/system/system-clock.ts'
import { serverForTests } from '../../postgres/store-for-test.ts'
import { describeConfirmedKinds } from './confirmed-kinds-contract.ts'
import { rotatedNotes } from './rotated-notes.ts'

const servers = serverForTests(['fsync = off'])

describeConfirmedKinds('on PostgreSQL', async () => ({
  ...(await rotatedNotes(servers)),
  wait: (milliseconds) => systemClock.sleep(milliseconds),
}))
