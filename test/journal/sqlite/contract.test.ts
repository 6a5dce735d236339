import { join } from 'node:path'
import { describeStore } from '../store-contract.ts'
import { freshFolder, openForTest } from './open-for-test.ts'

describeStore('chains in SQLite, in memory', (clock) => openForTest(':memory:', clock))
describeStore('chains in SQLite, in a file', (clock) => openForTest(join(freshFolder(), 'store.sqlite'), clock))
