import { join } from 'node:path'
import type { EventBody } from '../../../src/change/record/event/event.ts'
import { openStore, type SqliteStore } from '../../../src/change/record/sqlite/open-store.ts'
import type { Clock } from '../../../src/model/clock.ts'
import { segmentFiles, signingKeys } from '../../../src/project/system/machine/key-files.ts'
import { systemClock } from '../../../src/project/system/machine/system-clock.ts'
import { STARTED } from '../../change/record/one-of-each-event.ts'
import { asAlice } from '../../change/record/sqlite/open-for-test.ts'
import { exits, fileText, inProcess, temporaryFolder } from '../../lab/lab.ts'

const RESUMED: EventBody = { type: 'ExecutionResumed' }

/** Opens the store of a project, as a command there does. */
export function openStoreIn(dir: string, clock: Clock = systemClock) {
  const folder = join(dir, '.eosflow')
  return openStore({
    path: join(folder, 'store.db'),
    installKey: fileText(folder, 'install.key').trim(),
    checkpointKey: () => signingKeys(folder, {}).readOrMake('checkpoint').key,
    clock,
    segments: segmentFiles(folder),
  })
}

/** A project, and its store. */
export interface Place {
  readonly dir: string
  readonly store: string
  open(): Promise<SqliteStore>
  eosflow(...argv: readonly string[]): ReturnType<typeof inProcess>
}

/** That an execution has ended, and how it left leaf1. */
export const ended = (end: 'changed' | 'untouched'): EventBody => ({
  type: 'ExecutionEnded',
  outcome: 'succeeded',
  devices: { leaf1: end },
})

/** A project with one switch, whose store has no record. */
export async function emptyProject(): Promise<Place> {
  const dir = temporaryFolder({
    'eosflow.yaml': 'version: 1\n',
    'inventory.yaml': `credentials: { lab: { username: u, password: "\${env:P}" } }\ndefaults: { credentials: lab }\ndevices: { leaf1: { host: 192.0.2.1 } }\n`,
  })
  const eosflow = (...argv: readonly string[]) => inProcess(argv, dir)
  await exits(0, eosflow('audit', 'key'))
  return { dir, store: join(dir, '.eosflow/store.db'), eosflow, open: () => openStoreIn(dir) }
}

/** A project whose store has the records 1 to 18: x1 and x2 have changed leaf1, x3 has touched no switch, x4 is open. */
export async function projectWithExecutions(): Promise<Place> {
  const place = await emptyProject()
  const store = asAlice(await place.open())
  for (const [id, end] of [
    ['x1', 'changed'],
    ['x2', 'changed'],
    ['x3', 'untouched'],
  ] as const)
    await store.append(id, [STARTED, RESUMED, RESUMED, RESUMED, ended(end)])
  await store.append('x4', [STARTED, RESUMED, RESUMED])
  await store.close()
  return place
}

let copies = 0

/** Has a command leave one record in the store of a project, and a checkpoint over it: that of a backup. */
export async function leaveRecord(dir: string) {
  copies += 1
  await exits(0, inProcess(`store backup copy-${copies}.db`, dir))
}
