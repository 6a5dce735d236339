import { afterAll, expect, onTestFinished, test } from 'vitest'
import { foldAll } from '../../../src/change/engine/fold.ts'
import { openEngineThread } from '../../../src/doors/http/act/engine-thread.ts'
import { startActs } from '../../../src/doors/http/act/start.ts'
import { silentConsole } from '../../../src/lab/trial/trial-app.ts'
import { everyNthOfLong, extentOfLong } from '../../extent.ts'
import {
  ANN,
  aroundAppends,
  isSaved,
  type Lab,
  openAppIn,
  openLab,
  seamsOf,
  whereIs,
  whileTimePasses,
  workflowFor,
} from '../../lab/lab.ts'
import { ann, deskOver } from './desk.ts'

const SWITCHES = ['leaf1', 'leaf2'] as const

/** The engine of a server on a lab. `written` hears how many records of executions it has written. */
async function room(lab: Lab, written: (count: number) => void = () => undefined) {
  let count = 0
  const counting = aroundAppends({
    behind: (appended, execution) => {
      if (execution !== undefined) count += appended.length
      written(count)
    },
  })
  const seams = { ...seamsOf(lab), journal: counting }
  const opened = await openAppIn(lab.dir, ANN, { seams })
  const failures: string[] = []
  const failed = (what: string, error: unknown) => {
    failures.push(`${what}: ${error instanceof Error ? error.message : String(error)}`)
  }
  const rehearse = (): Promise<never> => new Promise(() => undefined)
  const engine = openEngineThread({ app: opened.app, console: silentConsole(), most: 20, failed, rehearse })
  return { ...opened, engine, failures, ask: engine.ask }
}

/** Lets time pass until something holds. */
async function until(lab: Lab, holds: () => Promise<boolean> | boolean) {
  for (let look = 0; look < 3_000 && !(await holds()); look += 1) {
    await new Promise((resolve) => setImmediate(resolve))
    if (lab.clock.sleeping > 0) await lab.clock.next()
  }
  expect(await holds()).toBe(true)
}

/** A change whose server is told to end when `at` records are written, and that the next server goes on with. */
async function endedAt(at: number) {
  const verify = '{ within: 60s, stableFor: 4s, every: 2s, checks: [reachable, { vlans-present: { vlans: [998] } }] }'
  const lab = openLab({ workflow: workflowFor(SWITCHES.join(' or '), { verify }) })
  let ending: Promise<boolean> | undefined
  const first = await room(lab, (count) => {
    if (count >= at) ending ??= first.engine.end(new AbortController().signal)
  })
  let execution = ''
  let isDecided = false
  const approveWhereAsked = async ({ app, ask }: Pick<typeof first, 'app' | 'ask'>) => {
    const events = await app.store.read(execution)
    const { status, plan } = foldAll(execution, events)
    if (!isDecided && events.some(({ type }) => type === 'ApprovalRequested')) {
      isDecided = true
      await ask('decide', { principal: ANN }, { plan: plan?.digest, decision: 'approve' })
    }
    return status === 'ended'
  }
  await first.engine.begin()
  const begun = first.ask('start', { principal: ANN }, { workflow: 'workflow.yaml' })
  execution = String(((await whileTimePasses(lab.clock, begun)) as { readonly execution: string }).execution)
  let isOver = false
  await until(lab, async () => {
    isOver = ending === undefined && (await approveWhereAsked(first))
    return ending !== undefined || isOver
  })
  ending ??= first.engine.end(new AbortController().signal)
  const isDone = await whileTimePasses(lab.clock, ending)
  const records = await first.app.store.read(execution)
  await first.close()
  const second = await room(lab)
  onTestFinished(() => second.close())
  await second.engine.begin()
  await until(lab, () => approveWhereAsked(second))
  await whileTimePasses(lab.clock, second.engine.end(new AbortController().signal))
  const all = await second.app.store.read(execution)
  return {
    isDone,
    isOver,
    last: records[at - 1]?.type,
    wrong: [...first.failures, ...second.failures],
    undone: all.flatMap(({ type }) => (/^(Compensation|Undo)/.test(type) ? [type] : [])),
    outcome: foldAll(execution, all).outcome,
    switches: SWITCHES.map((name) => {
      const device = lab.device(name)
      const { timed, confirms } = device.counters().commits
      return `${name} ${whereIs(device)} ${isSaved(device) ? 'saved' : 'not saved'}: ${timed} timed, ${confirms} confirmed`
    }),
    count: all.length,
  }
}

const told: string[] = []
afterAll(() => {
  process.stdout.write(`${told.length} times told to end\n${told.join('\n')}\n`)
})

test('a server that is told to end at any record of a change undoes nothing, and the next one makes it to its end', {
  tags: 'long',
  timeout: 240_000,
}, async () => {
  const whole = await endedAt(Number.POSITIVE_INFINITY)
  expect([whole.isOver, whole.outcome]).toEqual([true, 'succeeded'])
  expect(whole.count).toBeGreaterThan(60)
  const every = Array.from({ length: whole.count }, (_, index) => index + 1)
  const what = 'records at which a server is told to end'
  for (const at of everyNthOfLong(24, what, every)) {
    const { count, last, isOver, ...end } = await endedAt(at)
    told.push(`  ${at} of ${count}: ${last}`)
    expect(end, `${at}: ${last}`).toEqual({
      isDone: true,
      wrong: [],
      undone: [],
      outcome: 'succeeded',
      switches: SWITCHES.map((name) => `${name} AFTER saved: 1 timed, 1 confirmed`),
    })
    expect(isOver, 'told before its end').toBe(false)
  }
  expect(told.length).toBeGreaterThan(extentOfLong(1, 25))
  // The whole of it takes a minute on a quiet machine.
})

test('[P20] a server that is ending puts no plan on record', async () => {
  const ending = await deskOver(openLab(), { isEnding: true })
  const asked = { workflow: 'workflow.yaml', params: {} }
  await expect(startActs.plan(ending.context, ann, asked as never)).rejects.toThrow('this server is ending')
  expect([await ending.app.store.executionIds(), ending.begun]).toEqual([[], []])
  const open = await deskOver(openLab())
  const { execution } = (await startActs.plan(open.context, ann, asked as never)) as { execution: string }
  expect([await open.app.store.executionIds(), open.begun]).toEqual([[execution], [execution]])
})
