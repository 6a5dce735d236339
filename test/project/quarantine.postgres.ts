import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { EventBody } from '../../src/change/record/event/event.ts'
import { ALICE } from '../change/policy/given-approval.ts'
import { ONE_OF_EACH } from '../change/record/one-of-each-event.ts'
import { newProject } from '../doors/cli/eosflow.ts'
import { exits, inProcess, openAppIn } from '../lab/lab.ts'
import { emptyDatabase, serverForTests, urlOf } from '../postgres/store-for-test.ts'

const servers = serverForTests()

const STARTED = ONE_OF_EACH[0] as EventBody
const STAGED: EventBody = { type: 'ActIntended', device: 'leaf1', act: 'stage', session: 'eosflow-1', checkpoint: 'c' }

test('[G138] a switch is kept from others from the takeover on: for the quarantine and the longest idle timeout of a switch', async () => {
  const dir = await newProject()
  const store = `version: 1\nstore: ${urlOf(await emptyDatabase(servers.server))}\nworkers: { durability: single`
  writeFileSync(join(dir, 'eosflow.yaml'), `${store} }\n`)
  await exits(0, inProcess('store init', dir))
  const kept: number[] = []
  for (const [index, more] of ['', ', idleTimeout: 1h', ', quarantine: 10s, idleTimeout: 0s'].entries()) {
    writeFileSync(join(dir, 'eosflow.yaml'), `${store}${more} }\n`)
    const { app, close } = await openAppIn(dir, ALICE)
    onTestFinished(close)
    const [id, device] = [`x${index}`, `leaf${index}`]
    const journal = app.journalAs(ALICE)
    await journal.append(id, [STARTED, { ...STAGED, device }])
    await journal.append(id, [{ type: 'ExecutionResumed', abandoned: [device] }])
    const until = Date.parse((await app.leases.leaseOf(device))?.quarantine ?? '')
    kept.push(Math.ceil((until - Date.now()) / 10_000) * 10)
  }
  expect(kept).toEqual([180 + 900, 180 + 3600, 10])
})
