import { join } from 'node:path'
import { freshFolder, openForTest } from '../sqlite/open-for-test.ts'
import { describeStore } from '../store-contract.ts'

describeStore('chains in SQLite, in memory', (clock) => openForTest(':memory:', clock))
describeStore('chains in SQLite, in a file', (clock) => openForTest(join(freshFolder(), 'store.sqlite'), clock))
