import { systemClock } from '../../../src/project/system/machine/system-clock.ts'
import { serverForTests } from '../../postgres/store-for-test.ts'
import { describeConfirmedKinds, rotatedNotes } from './taken-forms-contract.ts'

const servers = serverForTests()

describeConfirmedKinds('on PostgreSQL', async () => ({
  ...(await rotatedNotes(servers)),
  wait: (milliseconds) => systemClock.sleep(milliseconds),
}))
