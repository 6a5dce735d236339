/** `npm run mutants`: the planted bugs of the fault model; `npm run mutants -- wide [PART]`: every guard of a part of the sources, put wrong by machine. */
await (process.argv[2] === 'wide' ? import('./wide.ts') : import('../fault-model/mutants.ts'))
