import { expect, test } from 'vitest'
import type { Plan } from '../../../src/change/plan/plan.ts'
import type { Notes } from '../../../src/change/record/store/notes.ts'
import { checkActs } from '../../../src/doors/http/act/check.ts'
import type { ActContext } from '../../../src/doors/http/context/act-context.ts'
import { Rehearsals, type Rehearse } from '../../../src/doors/http/jobs/rehearsals.ts'
import { VirtualClock } from '../../../src/lab/trial/timeline.ts'
import { EosflowError } from '../../../src/model/error.ts'
import { drive } from '../../../src/project/execution/resume/drive.ts'
import type { Rehearsal } from '../../../src/report/rehearsal/rehearsal.ts'
import { freshPath, openForTest } from '../../change/record/sqlite/open-for-test.ts'
import { ANN, openLab, PEOPLE, whileTimePasses, workflowFor } from '../../lab/lab.ts'
import { type ServerBench, until } from '../../lab/server.ts'
import { alice, ann, begunIn, deskOver, labWith } from './desk.ts'

const cell = {
  kind: 'reboot',
  says: 'reboot, 40 s',
  at: { point: 'arm', device: 'leaf1' },
  end: 'BEFORE',
  ok: true,
  outcome: 'rolled-back',
  exit: 6,
  seconds: 61,
  faults: [],
  switches: [],
} as const

const FOUND: Rehearsal = {
  workflow: 'tested',
  fabric: 'dc1',
  devices: ['leaf1'],
  seed: 1,
  undisturbed: { records: 50, seconds: 30 },
  cells: [cell, { ...cell, kind: 'refuse', says: 'the commit is refused' }, { ...cell, end: 'AFTER' }],
}

/** A plan on record, and the rehearsals that are asked of the server. */
async function planned() {
  const asked: { progress(done: number, of: number): void; end(found: Rehearsal): void; fail(error: Error): void }[] =
    []
  const rehearse: Rehearse = (_, progress) =>
    new Promise((resolve, reject) => {
      asked.push({ progress, end: resolve, fail: reject })
    })
  const bench = await openLab().serve({ rehearse })
  const ann = bench.browser(ANN)
  return { bench, ann, asked, plan: await planOf(bench, 'workflow.yaml') }
}

async function planOf(bench: ServerBench, workflow: string) {
  const ann = bench.browser(ANN)
  const begun = await ann.post('/api/v1/plans', { workflow })
  const path = `/api/v1/executions/${String(begun.json.execution)}`
  await until(bench, async () => (await ann.get(path)).json.status === 'ended')
  return String((await ann.get(path)).json.plan)
}

test('a plan is rehearsed once at a time, its page says how far it is and what it found, and no switch is asked', async () => {
  const { bench, ann, asked, plan } = await planned()
  const page = `/plans/${encodeURIComponent(plan)}/rehearsal`
  expect((await ann.get(page)).text).toContain('Nobody has rehearsed this plan')
  expect((await ann.get(`/api/v1/rehearsals/${plan}`)).status).toBe(404)
  const requests = bench.requests()
  const begun = await ann.form(page)
  expect([begun.status, begun.headers.get('location')]).toEqual([303, page])
  const again = await ann.post('/api/v1/rehearsals', { plan })
  expect([again.status, again.json.standing, again.headers.get('location')]).toEqual([
    202,
    'running',
    `/api/v1/rehearsals/${plan}`,
  ])
  expect(asked).toHaveLength(1)
  asked[0]?.progress(2, 3)
  expect((await ann.get(page)).text).toContain('2 of 3 trials made')
  asked[0]?.end(FOUND)
  const shown = await ann.get(page)
  expect(shown.text).toContain('All 3 trials ended well')
  expect(shown.text).toMatch(/reboot, 40 s<\/th><td>2<\/td><td>1 as before, 1 with the change/)
  const { json } = await ann.get(`/api/v1/rehearsals/${plan}`)
  expect(json).toMatchObject({ plan, standing: 'done', done: 3, of: 3, rehearsal: { counts: { cells: 3, failed: 0 } } })
  expect((await ann.get(`/plans/${encodeURIComponent(plan)}`)).text).toContain(
    'Rehearsed on simulated switches: All 3 trials ended well',
  )
  expect(bench.requests()).toBe(requests)
  expect(bench.failures).toEqual([])
})

test('what ended badly is told first, what could not be made says why, and a third one at once is refused', {
  tags: ['long', 'turn'],
}, async () => {
  const { bench, ann, asked, plan } = await planned()
  const page = `/plans/${encodeURIComponent(plan)}/rehearsal`
  await ann.form(page)
  asked[0]?.end({
    ...FOUND,
    cells: [cell, { ...cell, end: 'IN BETWEEN', ok: false, faults: ['leaf1 is <in between>'] }],
  })
  const bad = (await ann.get(page)).text
  expect(bad).toContain('1 of 2 trials ended badly')
  expect(bad).toContain('leaf1 is &lt;in between&gt;')
  await ann.form(page)
  asked[1]?.fail(new EosflowError('stale', 'the workflow has changed'))
  const failed = (await ann.get(page)).text
  expect(failed).toContain('The rehearsal could not be made')
  expect(failed).toContain('the workflow has changed')
  for (const [name, vlan] of [
    ['b', 997],
    ['c', 996],
  ] as const)
    bench.lab.write(`workflows/${name}.yaml`, workflowFor('leaf1', { lines: [`vlan ${vlan}`, '   name TESTED'] }))
  const others = [await planOf(bench, 'workflows/b.yaml'), await planOf(bench, 'workflows/c.yaml')]
  const statuses: number[] = []
  for (const digest of [plan, ...others]) statuses.push((await ann.post('/api/v1/rehearsals', { plan: digest })).status)
  expect(statuses).toEqual([202, 202, 409])
})

test('the next server shows what was found, how far one is is written each second, and one that cannot be kept is shown by its server', async () => {
  const { notes } = await openForTest(freshPath())
  const texts: string[] = []
  let isFull = false
  const set: Notes['set'] = async (kind, name, text, term) => {
    if (isFull) throw new EosflowError('store', 'the disk is full')
    texts.push(text)
    await notes.set(kind, name, text, term)
  }
  const kept = { read: notes.read.bind(notes), set } as Partial<Notes> as Notes
  const ends: ((found: Rehearsal) => void)[] = []
  const progress: ((done: number, of: number) => void)[] = []
  const rehearse: Rehearse = (_, said) => {
    progress.push(said)
    return new Promise((resolve) => ends.push(resolve))
  }
  const clock = new VirtualClock()
  const failures: unknown[] = []
  const failed = (_: string, error: unknown) => void failures.push(error)
  const server = () =>
    new Rehearsals({ rehearse, notes: kept, clock, scrub: (text) => text.replaceAll('s3cret', '***'), failed })
  const [first, second] = [server(), server()]
  await first.begin({ digest: 'a' } as Plan)
  for (let done = 1; done <= 30; done += 1) {
    progress[0]?.(done, 30)
    await clock.advance(100)
  }
  expect((await first.of('a'))?.done).toBe(30)
  // Another server does not begin it a second time.
  expect([(await second.begin({ digest: 'a' } as Plan)).standing, progress.length]).toEqual(['running', 1])
  ends[0]?.({ ...FOUND, workflow: 's3cret' })
  await expect.poll(async () => (await second.of('a'))?.standing).toBe('done')
  expect([texts.at(-1)?.includes('s3cret'), texts.at(-1)?.includes('***')]).toEqual([false, true])
  // Its beginning, the first and the second second, and its end.
  expect(texts).toHaveLength(4)
  isFull = true
  await first.begin({ digest: 'b' } as Plan)
  ends[1]?.(FOUND)
  await expect.poll(async () => (await first.of('b'))?.standing).toBe('done')
  await expect.poll(() => failures.length).toBe(2)
  expect([(await first.of('b'))?.standing, await second.of('b')]).toEqual(['done', undefined])
})

test('whoever may plan has a plan rehearsed, also one who may read no plans', async () => {
  const { lab, app, context } = await deskOver(labWith({ rules: ['{ id: no, deny: [plan.read], to: [operator] }'] }))
  const id = await begunIn(app, alice)
  await whileTimePasses(lab.clock, drive(app, alice, id))
  const made = (await app.store.read(id)).find((event) => event.type === 'PlanMade')
  const rehearsals = { of: async () => undefined, begin: ({ digest }: { digest: string }) => ({ begun: digest }) }
  const at = { ...context, rehearsals } as unknown as ActContext
  const plan = made?.digest ?? ''
  expect(await checkActs.rehearse(at, alice, { plan })).toEqual({ begun: plan })
  await expect(checkActs.rehearse(at, { ...ann, principal: PEOPLE.dave }, { plan })).rejects.toThrow('plan')
})
