import { describe } from 'vitest'
import { inProcessDispatcher } from '../../src/dispatch/in-process.ts'
import { systemClock } from '../../src/system/system-clock.ts'
import { dispatcherContract } from './contract.ts'

describe('the dispatcher of one process', () => {
  dispatcherContract(async () => {
    const one = inProcessDispatcher(systemClock)
    return { worker: one, client: one, close: () => one.close() }
  })
})
