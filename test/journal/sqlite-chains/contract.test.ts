import { join } from 'node:path'
import { freshFolder } from '../sqlite/open-for-test.ts'
import { describeStore } from '../store-contract.ts'
import { openChainsForTest } from './open-for-test.ts'

describeStore('chains in SQLite, in memory', (clock) => openChainsForTest(':memory:', clock))
describeStore('chains in SQLite, in a file', (clock) => openChainsForTest(join(freshFolder(), 'store.sqlite'), clock))
