import { test } from 'vitest'
import { judgeMachines } from './random-machine-judge.ts'

// A quarter of ten thousand: each file may run in a thread of its own.
test('random machines, failures and kills, seeds from 7501', { timeout: 600_000 }, () => judgeMachines(7501, 2500))
