import { randomUUID } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { beginChange } from '../../../../src/project/execution/begin/begin-change.ts'
import type { Caller } from '../../../../src/project/identity/caller-of.ts'
import { personNamed, preparedIn } from '../../../lab/application.ts'
import { pause, startTeam } from '../../worker/team.ts'

const CALLER: Caller = personNamed('tester')

test('an execution that was put on record and never posted is driven a few seconds later, long before a sweep', async () => {
  const team = await startTeam(1)
  onTestFinished(() => team.close())
  const { app } = team
  await team.worker()
  // The first sweep of a worker is at its start.
  await pause(3_000)
  const [device = ''] = Object.keys(team.fabric.ports)
  const prepared = preparedIn(app, 'vlan.yaml', { given: { vlan: '300' }, only: device })
  const made = await beginChange(app, CALLER, { prepared, request: { key: randomUUID(), of: randomUUID() } })
  if (made.kind !== 'begun') throw new Error('it was not begun')
  const { id } = made.state
  // As a process does that ends between the record and the post.
  await app.shared?.workers.leave(id)
  const begun = performance.now()
  const isDriven = async () => (await app.store.read(id)).some(({ type }) => type === 'ExecutionResumed')
  while (!(await isDriven()) && performance.now() - begun < 25_000) await pause(50)
  const seconds = (performance.now() - begun) / 1000
  process.stdout.write(`an execution that nobody had posted was driven after ${seconds.toFixed(1)} s\n`)
  expect(await isDriven()).toBe(true)
  expect(seconds).toBeLessThan(10)
}, 90_000)

/** Has a worker have taken whatever is posted because of a word, as the first act of taking it, and nothing more. */
const takenBy = (worker: string) => [
  `CREATE FUNCTION taken() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    NEW.status := 'PENDING';
    NEW.executor_id := '${worker}';
    RETURN NEW;
  END $$`,
  "CREATE TRIGGER taken BEFORE INSERT ON dbos.workflow_status FOR EACH ROW WHEN (NEW.workflow_uuid LIKE '%@w%') EXECUTE FUNCTION taken()",
]

test('what a worker had taken and not begun when it died is driven after its death, before a sweep finds it', {
  tags: 'turn',
  timeout: 90_000,
}, async () => {
  const team = await startTeam(1)
  onTestFinished(() => team.close())
  const { app } = team
  const settings = join(team.dir, 'eosflow.yaml')
  const short = readFileSync(settings, 'utf8')
  // Its term is longer than the time in which others look whether a word was posted: they find it posted, and its taker alive.
  writeFileSync(settings, short.replace(/ttl: \S+, beat: \S+,/, 'ttl: 8s, beat: 1s,'))
  const taker = await team.worker()
  writeFileSync(settings, short)
  const [device = ''] = Object.keys(team.fabric.ports)
  const id = await team.begin(device, 300)
  const has = async (type: string) => (await app.store.read(id)).some((event) => event.type === type)
  while (!(await has('TaskWaiting'))) await pause(50)
  while (await app.claims.isClaimed(id)) await pause(50)
  await team.database.ask(...takenBy(taker.id))
  // The first sweep of a worker is at its start.
  await team.worker()
  await pause(1_000)
  taker.process.kill('SIGSTOP')
  await team.approve(id)
  const begun = performance.now()
  while (!(await has('ExecutionEnded')) && performance.now() - begun < 40_000) await pause(50)
  const seconds = (performance.now() - begun) / 1000
  process.stdout.write(`an execution that a worker had taken which died was at its end after ${seconds.toFixed(1)} s\n`)
  expect(await has('ExecutionEnded')).toBe(true)
  // The next sweep is 30 s after the first.
  expect(seconds).toBeLessThan(28)
})
