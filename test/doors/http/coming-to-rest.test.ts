import { expect, onTestFinished, test } from 'vitest'
import { readState } from '../../../src/change/engine/fold.ts'
import type { ExecutionState } from '../../../src/change/engine/state.ts'
import { ExecutionResumer } from '../../../src/doors/http/act/resume.ts'
import type { ActContext } from '../../../src/doors/http/context/act-context.ts'
import { servedExecutions } from '../../../src/doors/http/jobs/served-executions.ts'
import { silentConsole } from '../../../src/lab/trial/trial-app.ts'
import { sinceAsked } from '../../../src/project/history/requests/stop-asked.ts'
import { type Lab, openAppIn, openLab, partOf, seamsOf, whileTimePasses, workflowFor } from '../../lab/lab.ts'

const BOB = { issuer: 'local', id: 'local:1001:bob@box', kind: 'person', auth: 'os' } as const

/** What goes on with executions of a lab, the ids that it has taken up, and a way to let time pass. */
async function startContinuing(lab: Lab) {
  const principal = { issuer: 'local', id: 'local:1000:ann@box', kind: 'person', auth: 'os' } as const
  const { app, close } = await openAppIn(lab.dir, principal, { seams: seamsOf(lab) })
  const [taken, failures]: [string[], unknown[]] = [[], []]
  const context = partOf<ActContext>({
    app,
    console: silentConsole(),
    failed: (_: string, error: unknown) => failures.push(error),
    runs: {
      ids: [],
      requireOpen: () => undefined,
      heed: () => undefined,
      begin: ({ id }: ExecutionState) => taken.push(id),
    },
  })
  const continuing = new ExecutionResumer(
    context,
    servedExecutions(lab.dir, (_, error) => failures.push(error)),
  )
  const stop = new AbortController()
  const following = continuing.follow(stop.signal)
  onTestFinished(async () => {
    stop.abort()
    await whileTimePasses(lab.clock, following)
    await close()
  })
  const pass = async () => {
    for (let look = 0; look < 10; look += 1) {
      await new Promise((resolve) => setImmediate(resolve))
      await lab.clock.next()
    }
  }
  await pass()
  return {
    app,
    continuing,
    taken,
    failures,
    pass,
    stateOf: (id: string) => readState(app.store, id),
  }
}

async function begun(lab: Lab, file: string) {
  return /Execution (\S+):/.exec((await lab.eosflow('run', file, '--detach')).out)?.[1] ?? ''
}

test('a decision that comes while an execution is about to rest is not missed', async () => {
  const lab = openLab()
  const id = await begun(lab, 'workflow.yaml')
  const { continuing, taken, failures, pass, stateOf } = await startContinuing(lab)
  // As it was when the engine looked last.
  const state = await stateOf(id)
  await lab.ok(`approve ${id}`)
  await pass()
  expect(taken).toEqual([])
  continuing.rests(state)
  await pass()
  expect([taken, failures]).toEqual([[id], []])
})

test('what was written before an execution came to rest does not have it forgotten', {
  tags: ['long', 'turn'],
}, async () => {
  const lab = openLab({ files: { 'other.yaml': workflowFor('leaf3') } })
  const [one, other] = [await begun(lab, 'workflow.yaml'), await begun(lab, 'other.yaml')]
  const { continuing, taken, failures, pass, stateOf } = await startContinuing(lab)
  const state = await stateOf(one)
  // It goes on, finds no decision and rests again.
  await lab.exits(12, 'resume', other, '--detach')
  continuing.rests(await stateOf(other))
  // The record is looked at from a place before that.
  continuing.rests(state)
  await pass()
  await lab.ok('approve', other)
  await pass()
  expect([taken, failures]).toEqual([[other], []])
})

test('what is live goes on after a crash also where somebody has had it rest, and rests behind that', {
  tags: 'long',
}, async () => {
  const lab = openLab()
  await lab.killAt('arm-journalled')
  const id = /Execution (\S+):/.exec((await lab.eosflow('show @latest')).out)?.[1] ?? ''
  lab.write('served.json', JSON.stringify({ version: 1, executions: [id] }))
  const { app, continuing, taken, failures, pass } = await startContinuing(lab)
  const { cursor } = await app.store.tail()
  await app.journalAs(BOB).append(undefined, [{ type: 'SuspendRequested', suspended: id, reason: 'shift ends' }])
  await Promise.all([continuing.takeUp(), pass()])
  expect([taken, failures]).toEqual([[id], []])
  const written = (await app.store.tail(cursor)).events
  expect(written.map(({ type }) => type)).toEqual(['SuspendRequested', 'ExecutionResumed'])
  // Whoever runs it hears the word from before: it goes on by itself.
  const inForce = await app.store.suspendRequest(id, sinceAsked(await app.store.read(id)))
  expect(inForce).toMatchObject({ actor: 'local:1001:bob@box', reason: 'shift ends' })
  await lab.ok(`stop ${id}`)
})
