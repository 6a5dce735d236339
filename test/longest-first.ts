import { createHash } from 'node:crypto'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

const here = fileURLToPath(new URL('.', import.meta.url))

/**
 * The files that take longest, by their path from `test/`. Those that work and those that wait take turns, so that the cores always have
 * something to do.
 */
export const LONGEST: readonly string[] = [
  'control-room/office.room.ts',
  'control-room/pages.room.ts',
  'control-room/night.room.ts',
  'control-room/killed-everywhere.room.ts',
  'control-room/killed.room.ts',
  'control-room/strangers.room.ts',
  'server/several.postgres.ts',
  'worker/lost-tail.postgres.ts',
  'journal/postgres/lost-tail.postgres.ts',
  'worker/workers.postgres.ts',
  'worker/sites.postgres.ts',
  'app/store/move-large.postgres.ts',
  'e2e/store-on-postgresql.postgres.ts',
  'app/store/seal-database.postgres.ts',
  'e2e/crash.long.ts',
  'trial/rehearsal-bundled.soak.ts',
  'terminal/screens.long.ts',
  'cli/rehearse-all.soak.ts',
  'cli/rehearse.test.ts',
  'transport/forgotten-kind.soak.ts',
  'canary/canary.long.ts',
  'e2e/two-controllers.soak.ts',
  'fleet/rollout.test.ts',
  'simulation/suspended.test.ts',
  'cli/suspend.test.ts',
  'cli/from-avd-recorded.soak.ts',
  'e2e/upgrade.long.ts',
  'cli/exit-codes.test.ts',
  'app/sites/killed.test.ts',
  'cli/stop.test.ts',
  'simulation/every-moment.test.ts',
  'simulation/many-machines.test.ts',
  'e2e/colleague.test.ts',
  'e2e/interrupted.test.ts',
  'e2e/altered-plan.test.ts',
  'transport/ssh/device-contract.test.ts',
  'simulation/histories.test.ts',
  'app/passkey-decision.test.ts',
  'app/git/pushed-commit.test.ts',
  'simulation/mutants.test.ts',
  'simulation/freeze.test.ts',
]

/**
 * Runs the files that take longest before the others, so that none of them is what a core waits for at the end. The others have a random
 * order, which the seed of the run decides.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const seed = this.ctx.config.sequence.seed
    return files.toSorted((a, b) => placeOf(a).localeCompare(placeOf(b)))

    function placeOf({ moduleId }: TestSpecification): string {
      const file = relative(here, moduleId)
      const index = LONGEST.indexOf(file)
      if (index >= 0) return `0 ${String(index).padStart(3, '0')}`
      return `1 ${createHash('sha256').update(`${seed} ${file}`).digest('hex')}`
    }
  }
}
