import { onTestFinished } from 'vitest'
import type { Journal } from '../../../src/journal/journal.ts'
import { openChainsStore } from '../../../src/journal/sqlite-chains/open-store.ts'
import type { SqliteChainsStore } from '../../../src/journal/sqlite-chains/sqlite-chains-store.ts'
import type { Clock } from '../../../src/model/clock.ts'
import type { InstallKeys } from '../../../src/model/install-keys.ts'
import { VirtualClock } from '../../../src/trial/virtual-clock.ts'
import { asAlice, KEY } from '../sqlite/open-for-test.ts'

/** A store with a chain for each execution, in a file or in memory, and its journal as Alice writes it. */
export async function openChainsForTest(
  path: string,
  clock: Clock = new VirtualClock(),
  installKey: string | InstallKeys = KEY,
): Promise<SqliteChainsStore & Journal> {
  const store = asAlice(await openChainsStore({ path, installKey, clock }))
  onTestFinished(() => store.close())
  return store
}
