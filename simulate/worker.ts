import { runSeeds, type SeedRange } from './run-seeds.ts'

process.once('message', async (range: SeedRange) => {
  const tally = await runSeeds(range)
  process.send?.(tally, () => process.disconnect())
})

// Nobody waits for the histories of a process whose parent was killed.
process.once('disconnect', () => process.exit())
