import fc from 'fast-check'

/** One fixed seed for every property test, printed by fast-check with each counterexample. */
fc.configureGlobal({ seed: 20_261_120, numRuns: 200 })
