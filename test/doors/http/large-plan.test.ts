import { expect, test, vi } from 'vitest'
import { planDigest } from '../../../src/change/plan/make-plan.ts'
import type { Plan } from '../../../src/change/plan/plan.ts'
import { storePlan } from '../../../src/change/plan/stored-plan.ts'
import type { EventBody } from '../../../src/change/record/event/event.ts'
import { digestOf } from '../../../src/model/digest.ts'
import { begin } from '../../../src/project/execution/journal/begin.ts'
import { evidenceOf, merge, planOf, VLAN_120 } from '../../change/plan/material.ts'
import { everyNthOfLong } from '../../extent.ts'
import { ANN, asking, openLab, partOf, preparedIn, type ServerBench } from '../../lab/lab.ts'

const MANY = 300
const NAMES = Array.from({ length: MANY }, (_, index) => `leaf${index + 1}`)

/** A plan of 300 switches. `differ`: in a word, so that each has a change of another form, or in values of eight lines. */
function planFor(differ: 'words' | 'values') {
  const plan = planOf({}, [evidenceOf(1, merge(...VLAN_120))])
  const [one] = plan.content.devices
  const [state = {}] = Object.values(plan.evidence.state)
  if (one === undefined) throw new Error('no switch')
  const devices = NAMES.map((name, index) => ({
    ...one,
    name,
    base: { ...one.base, state: digestOf(state) },
    diff: Array.from({ length: 8 }, (_, line) => ({
      sign: '+' as const,
      text: differ === 'words' ? `router ${'x'.repeat(index + 1)}y` : `vlan ${1000 + index * 8 + line}`,
    })),
  }))
  const warnings = NAMES.map((device) => ({ code: 'not-saved' as const, device, message: 'is not saved' }))
  const content = partOf<Plan['content']>({ ...plan.content, devices, waves: [NAMES], warnings })
  const evidence = { ...plan.evidence, state: Object.fromEntries(NAMES.map((name) => [name, state])) }
  return { ...plan, digest: planDigest(content), content, evidence }
}

/** An execution with such a plan, which failed on switch 290 alone. */
async function large(bench: ServerBench, plan: Plan) {
  const { app } = bench
  const { id, seq } = await begin(app, asking(ANN), { judged: 'elsewhere', purpose: 'run', prepared: preparedIn(app) })
  const text = await storePlan(app.store, plan)
  const ends = Object.fromEntries(NAMES.map((name) => [name, 'untouched']))
  const events: EventBody[] = [
    { type: 'PlanMade', digest: plan.digest, plan: text, waves: [NAMES], unchanged: [] },
    { type: 'StateEntered', path: '', state: 'Push' },
    {
      type: 'TaskFailed',
      path: '',
      state: 'Push',
      device: 'leaf290',
      error: { kind: 'verification', message: 'is not good', device: 'leaf290' },
    },
    { type: 'ExecutionEnded', outcome: 'failed', devices: ends as never },
  ]
  await app.journalAs(ANN).append(id, events, seq)
  return id
}

/** What the page of a plan or of an execution has at most, in bytes: what twelve changes or 24 switches need. */
const MOST = 60_000

test.each(everyNthOfLong(2, 'plans of 300 switches', ['words', 'values'] as const))(
  '[B9] 300 switches that differ in %s: every page is bounded by what it shows, and what is not shown is a link away',
  { tags: 'long' },
  async (differ) => {
    const bench = await openLab().serve()
    const ann = bench.browser(ANN)
    const plan = planFor(differ)
    const id = await large(bench, plan)
    const get = vi.spyOn(bench.front.app.store, 'get')
    const path = `/plans/${encodeURIComponent(plan.digest)}`
    const asked = async (query: string) => {
      get.mockClear()
      const { status, text } = await ann.get(query)
      return { status, text, bytes: Buffer.byteLength(text), texts: get.mock.calls.length }
    }
    const first = await asked(path)
    // The plan is one text. What each switch showed is another, which nobody needs who decides about the lines.
    expect([first.status, first.texts <= 2, first.bytes <= MOST]).toEqual([200, true, true])
    expect(first.text).toContain('<b>288 more risks</b>')
    if (differ === 'words')
      expect(first.text).toMatch(/<b>288 more changes<\/b> of 288 switches|<b>288 more changes of 288 switches<\/b>/)
    // Each switch is on one page, with its own lines.
    const shown: string[] = []
    for (let page = 1; ; page += 1) {
      const { text, bytes, texts } = await asked(`${path}?page=${page}`)
      expect([page, bytes <= MOST, texts <= 2]).toEqual([page, true, true])
      shown.push(...[...text.matchAll(/<p class="group-head"><b>(leaf\d+)<\/b><\/p>/g)].map(([, name = '']) => name))
      if (!/rel="next"/.test(text)) break
    }
    expect(shown).toEqual(NAMES)
    const one = await asked(`${path}?switch=leaf290`)
    expect(one.text).toContain(differ === 'words' ? `router ${'x'.repeat(290)}y` : 'vlan 3319')
    // The execution: all together, and then switch by switch.
    const whole = await asked(`/executions/${id}`)
    expect([whole.status, whole.bytes <= MOST, whole.texts <= 2]).toEqual([200, true, true])
    expect(whole.text).toContain(`href="/executions/${id}?page=1"`)
    const rows: string[] = []
    for (let page = 1; ; page += 1) {
      const { text, bytes } = await asked(`/executions/${id}?page=${page}`)
      expect([page, bytes <= MOST + 30_000]).toEqual([page, true])
      rows.push(...[...text.matchAll(/<span class="nm">(leaf\d+)<\/span>/g)].map(([, name = '']) => name))
      if (!/rel="next"/.test(text)) break
    }
    expect(rows.toSorted()).toEqual(NAMES.toSorted())
  },
)

test('[B9] a plan in the API has a summary: what is done on each switch, some at a time, and lines by the switch', {
  tags: 'long',
}, async () => {
  const bench = await openLab().serve()
  const ann = bench.browser(ANN)
  const plan = planFor('words')
  await large(bench, plan)
  const get = vi.spyOn(bench.front.app.store, 'get')
  const path = `/api/v1/plans/${encodeURIComponent(plan.digest)}`
  const short = await ann.get(`${path}/summary`)
  expect([short.status, Buffer.byteLength(short.text) < 10_000, get.mock.calls.length <= 2]).toEqual([200, true, true])
  expect(short.json).toMatchObject({ digest: plan.digest, summary: { changed: 300, unchanged: 0 } })
  expect([short.json.plan, short.json.groups]).toEqual([undefined, undefined])
  const names: string[] = []
  for (let after = ''; ; ) {
    const { json } = await ann.get(`${path}/summary?limit=200${after}`)
    names.push(...(json.switches as readonly { name: string }[]).map(({ name }) => name))
    if (json.next === undefined) break
    after = `&after=${String(json.next)}`
  }
  expect(names).toEqual(NAMES)
  expect((short.json.switches as readonly object[])[0]).toEqual({
    name: 'leaf1',
    wave: 1,
    mode: 'merge',
    added: 8,
    removed: 0,
    warnings: 1,
  })
  const some = await ann.get(`${path}/diff?limit=5`)
  expect((some.json.switches as readonly { name: string }[]).map(({ name }) => name)).toEqual(NAMES.slice(0, 5))
  const rest = await ann.get(`${path}/diff?limit=5&after=${String(some.json.next)}`)
  expect((rest.json.switches as readonly { name: string }[])[0]?.name).toBe('leaf6')
  // Whoever asks as before is answered as before.
  const whole = await ann.get(path)
  expect((whole.json.plan as Plan).content.devices).toHaveLength(300)
  expect((await ann.get(`${path}/diff`)).json.switches).toHaveLength(300)
})
