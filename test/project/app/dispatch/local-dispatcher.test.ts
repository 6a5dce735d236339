import { describe } from 'vitest'
import { localDispatcher } from '../../../../src/project/app/dispatch/open-dispatcher.ts'
import { systemClock } from '../../../../src/project/system/machine/system-clock.ts'
import { dispatcherContract } from './contract.ts'

describe('the dispatcher of one process', () => {
  dispatcherContract(async () => {
    const one = localDispatcher(systemClock)
    return { worker: one, client: one, workers: new Set(['this process']), close: () => one.close() }
  }, 100)
})
