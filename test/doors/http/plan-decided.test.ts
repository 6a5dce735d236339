import { expect, test } from 'vitest'
import { recordedPlan } from '../../../src/change/plan/stored-plan.ts'
import { silentConsole } from '../../../src/lab/trial/trial-app.ts'
import { decideAs } from '../../../src/project/approval/decide.ts'
import { appWith, openLab, PEOPLE, type ServerBench, seamsOf, twoApprovers, whileTimePasses } from '../../lab/lab.ts'

type Who = (typeof PEOPLE)[keyof typeof PEOPLE]

const { zoe, bob, carol, bobToo } = PEOPLE

/** A change of zoe that waits for two approvers, and the address of its plan. */
async function waiting(policy = twoApprovers('operator, approver, helper')) {
  const bench = await openLab({ policy: policy }).serve()
  const zoes = bench.browser(zoe)
  const id = await zoes.begin()
  await zoes.waits(id)
  const plan = String((await zoes.seen(id)).plan)
  return { bench, id, plan, path: `/plans/${encodeURIComponent(plan)}` }
}

const said = (page: string) => page.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ')

/** The frames of a stream until one has this text. */
async function heard(bench: ServerBench, path: string, who: Who, text: string) {
  const answer = await bench.open('GET', path, { session: bench.browser(who).id })
  expect(answer.status).toBe(200)
  const reader = answer.body?.getReader()
  let all = ''
  return async () => {
    while (!all.includes(text)) {
      const { done, value } = (await reader?.read()) ?? { done: true, value: undefined }
      if (done) break
      all += new TextDecoder().decode(value)
    }
    await reader?.cancel()
    return all
  }
}

test('the page of a plan says why the own approval would never count, and offers no button for it', async () => {
  const { bench, path } = await waiting()
  const shown = said((await bench.browser(zoe).get(path)).text)
  expect(shown).toContain(
    'Why you cannot approve it the approval of zoe does not count for change: the same person made the plan',
  )
})

test('the page of a plan says that whoever looks has approved it, and not to another person', {
  tags: ['long', 'turn'],
}, async () => {
  const { bench, path, id } = await waiting()
  const { lab } = bench
  expect(id).not.toBe('')
  const notes = async (who: Who) =>
    said((await bench.browser(who).get(path)).text).includes('You have approved this plan already, at 2026-01-05T08:')
  expect([await notes(bob), await notes(carol)]).toEqual([false, false])
  await approvedBy(bench, bob, path)
  // The second identity of the same human is the same person.
  expect([await notes(bob), await notes(bobToo), await notes(carol)]).toEqual([true, true, false])
  expect(lab.commits('leaf1').timed).toBe(0)
})

/** Puts the approval of somebody of the provider on record, as `eosflow approve` does. */
async function approvedBy({ app, lab }: ServerBench, who: Who, path: string) {
  const made = await app.store.planMade(decodeURIComponent(path.slice('/plans/'.length)))
  const plan = await recordedPlan(app.store, made?.plan ?? '')
  const own = appWith(app, { seams: { ...seamsOf(lab), principal: who } })
  const caller = { ...silentConsole(), principal: who }
  await whileTimePasses(lab.clock, decideAs(own, caller, plan, { decision: 'approve', comment: '' }))
}

test('[B4] the page of a plan that is decided elsewhere says so by its stream', async () => {
  const { bench, path, plan } = await waiting()
  const page = await bench.browser(carol).get(path)
  const [, stream = ''] = /data-stream="([^"]+)"/.exec(page.text) ?? []
  expect(stream).toBe(`/api/v1/stream?topics=plan:${encodeURIComponent(plan)}&amp;as=page`)
  const before = /data-standing="([^"]*)"/.exec(page.text)?.[1]
  const stop = new AbortController()
  const following = bench.front.live.follow(stop.signal)
  const hears = await heard(bench, stream.replace('&amp;', '&'), carol, '1 of 2')
  await approvedBy(bench, bob, path)
  const frames = hears()
  const all = await whileTimePasses(bench.lab.clock, frames)
  stop.abort()
  await whileTimePasses(bench.lab.clock, following)
  expect(all).toContain('event: region')
  expect(all).toContain('1 of 2: 2 approvals by approver')
  const after = /data-standing=\\"([^"\\]*)\\"/.exec(all)?.[1]
  expect(before).not.toBe(undefined)
  // The page asks for its buttons anew where this is another one.
  expect(after).not.toBe(before)
  expect(bench.failures).toEqual([])
})

test('a stream of a plan is for whoever may see the plan, and for a page', async () => {
  const { bench, plan } = await waiting()
  const at = (as: string) => `/api/v1/stream?topics=plan:${encodeURIComponent(plan)}&as=${as}`
  expect((await bench.browser(bob).get(at('program'))).status).toBe(422)
  expect((await bench.browser(PEOPLE.hero).get(at('page'))).status).toBe(404)
})

test('of two executions that wait for one plan both are said, on its page and in the answer of an approval', {
  tags: ['long', 'turn'],
}, async () => {
  const bench = await openLab().serve()
  const ann = bench.browser({ issuer: 'local', id: 'local:1000:ann@box', kind: 'person', auth: 'os' })
  const begun = String((await ann.post('/api/v1/plans', { workflow: 'workflow.yaml' })).json.execution)
  await ann.ends(begun)
  const plan = String((await ann.seen(begun)).plan)
  const ids: string[] = []
  for (const key of ['a', 'b']) {
    const id = String((await ann.post(`/api/v1/plans/${plan}/executions`, { key })).json.execution)
    ids.push(id)
    await ann.waits(id)
  }
  const words = `${ids.join(', ')} wait for this plan: an approval is for the one of them that is sent first`
  expect(said((await ann.get(`/plans/${encodeURIComponent(plan)}`)).text)).toContain(words)
  const decided = await ann.post(`/api/v1/plans/${plan}/decisions`, { decision: 'approve' })
  expect([decided.status, decided.json.note]).toEqual([200, words])
})
