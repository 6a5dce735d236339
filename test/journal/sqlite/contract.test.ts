import { describeStore } from '../store-contract.ts'
import { freshPath, openForTest } from './open-for-test.ts'

describeStore('chains in SQLite, in memory', (clock) => openForTest(':memory:', clock))
describeStore('chains in SQLite, in a file', (clock) => openForTest(freshPath(), clock))
