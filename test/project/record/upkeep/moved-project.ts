import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { EventBody } from '../../../../src/change/record/event/event.ts'
import { openStore } from '../../../../src/change/record/sqlite/open-store.ts'
import { signingKeys } from '../../../../src/project/system/machine/key-files.ts'
import { systemClock } from '../../../../src/project/system/machine/system-clock.ts'
import { PLAN, STATEMENT } from '../../../change/record/one-of-each-event.ts'
import { asAlice } from '../../../change/record/sqlite/open-for-test.ts'
import { newProject } from '../../../doors/cli/eosflow.ts'
import { emptyDatabase, type Server, urlOf } from '../../../postgres/store-for-test.ts'
import { type TypedIn, typedIn } from './typed-in.ts'

/** A project with a store in a file, and a database that has none. */
export interface MovedProject extends TypedIn {
  readonly dir: string
  readonly file: string
  readonly url: string
  /** The id of the store in the file. */
  readonly id: string
}

const act = (device: string): EventBody => ({
  type: 'ActIntended',
  act: 'stage',
  device,
  session: 'eosflow-1',
  checkpoint: 'eosflow-1',
})

/** An execution of eight records that has changed a switch. */
function changed(plan: string, nonce: string, device: string): readonly EventBody[] {
  return [
    { type: 'StateEntered', path: '', state: 'plan' },
    { type: 'PlanMade', digest: PLAN, plan: plan as `blob:${string}`, waves: [[device]], unchanged: [] },
    { type: 'ApprovalRequested', plan: PLAN },
    { type: 'ApprovalUsed', plan: PLAN, nonce },
    act(device),
    { type: 'TaskSubmitted', path: '', state: 'ask', token: `sha256:${nonce}` },
    { type: 'StateEntered', path: '', state: 'öffnen "x"' },
    { type: 'ExecutionEnded', outcome: 'succeeded', devices: { [device]: 'changed' } },
  ]
}

/** Makes a project whose store has so many ended executions, each of eight records, and a decision about each. */
export async function movedProject(server: Pick<Server, 'port'>, executions = 3): Promise<MovedProject> {
  const dir = await newProject()
  appendFileSync(join(dir, 'eosflow.yaml'), 'workers: { durability: single }\n')
  const file = join(dir, '.eosflow/store.db')
  const typed = typedIn(dir)
  await typed.eosflow('audit key')
  const store = await openStore({
    path: file,
    installKey: readFileSync(join(dir, '.eosflow/install.key'), 'utf8').trim(),
    checkpointKey: () => signingKeys(join(dir, '.eosflow'), {}).readOrMake('checkpoint').key,
    clock: systemClock,
  })
  const alice = asAlice(store)
  for (let number = 1; number <= executions; number += 1) {
    const nonce = `n${number}`
    await alice.append(undefined, [{ type: 'ApprovalDecided', statement: { ...STATEMENT, nonce }, seal: 'hmac:1' }])
    const plan = await store.put(`the plan ${number}`)
    await alice.append(`x${number}`, changed(plan, nonce, number % 2 === 0 ? 'leaf1' : 'leaf2'))
  }
  await store.audit.checkpoint()
  const { id } = store
  await store.close()
  return { dir, file, url: urlOf(await emptyDatabase(server)), id, ...typed }
}

/** Writes where the store is into the settings. */
export function writeStore(dir: string, url: string) {
  const path = join(dir, 'eosflow.yaml')
  const settings = readFileSync(path, 'utf8').replace(/^store: .*\n/m, '')
  writeFileSync(path, `${settings}store: ${url}\n`)
}
