import { join } from 'node:path'
import { freshFolder } from '../sqlite/open-for-test.ts'
import { describeStore } from '../store-contract.ts'
import { openForTest } from '../sqlite/open-for-test.ts'

describeStore('chains in SQLite, in memory', (clock) => openForTest(':memory:', clock))
describeStore('chains in SQLite, in a file', (clock) => openForTest(join(freshFolder(), 'store.sqlite'), clock))
