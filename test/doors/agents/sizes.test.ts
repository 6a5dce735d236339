import { expect, test } from 'vitest'
import { planDigest } from '../../../src/change/plan/make-plan.ts'
import type { Plan } from '../../../src/change/plan/plan.ts'
import { storePlan } from '../../../src/change/plan/stored-plan.ts'
import type { EventBody } from '../../../src/change/record/event/event.ts'
import type { Acts } from '../../../src/doors/http/context/message.ts'
import { EosflowError } from '../../../src/model/error.ts'
import type { Principal } from '../../../src/model/principal.ts'
import { begin } from '../../../src/project/execution/journal/begin.ts'
import type { Rehearsal } from '../../../src/report/rehearsal/rehearsal.ts'
import { evidenceOf, merge, planOf, VLAN_120 } from '../../change/plan/material.ts'
import { extentOfLong } from '../../extent.ts'
import { asking, type Lab, openLab, partOf, policyWith, preparedIn, SETTINGS, workflowFor } from '../../lab/lab.ts'
import { TOKENS } from './agent-tools.ts'

/** No answer of a tool has more bytes of JSON, unless the tool is asked for it. */
const MOST = 40_000
/** The limit that clients set: tokens, of which four bytes are about one. A client may be sent an answer twice, as a text and as a document. */
const MOST_TOKENS = 25_000
const AT = '2026-01-05T08:00:00.000Z'
const LINE = 'username intruder privilege 15 role network-admin secret-of-nobody'

const namesOf = (many: number) =>
  Array.from({ length: many }, (_, index) => `dc1-row${(index % 40) + 1}-leaf${index + 1}.example.net`)

/** A plan of so many switches, each with another change of thirty lines. */
function planFor(names: readonly string[]) {
  const plan = planOf({}, [evidenceOf(1, merge(...VLAN_120))])
  const [one] = plan.content.devices
  if (one === undefined) throw new Error('no switch')
  const devices = names.map((name, index) => ({
    ...one,
    name,
    diff: Array.from({ length: 30 }, (_, line) => ({
      sign: '+' as const,
      text: `   description "port ${index}/${line}"`,
    })),
  }))
  const waves = Array.from({ length: Math.ceil(names.length / 10) }, (_, wave) =>
    names.slice(wave * 10, wave * 10 + 10),
  )
  const content = partOf<Plan['content']>({ ...plan.content, devices, waves })
  const [state = {}] = Object.values(plan.evidence.state)
  const evidence = { ...plan.evidence, state: Object.fromEntries(names.map((name) => [name, state])) }
  return { ...plan, digest: planDigest(content), content, evidence }
}

/** A rehearsal of so many switches that fails with a long word, and one that ends. */
function rehearsing(many: number) {
  let begun = 0
  return async () => {
    begun += 1
    if (begun === 1) throw new EosflowError('bug', LINE.repeat(many * 20))
    const cells = Array.from({ length: many * 13 }, () => ({ end: 'BEFORE' }))
    return { cells } as unknown as Rehearsal
  }
}

/**
 * A project with so many switches, each of which differs, and one change of all of them that failed on each in its own way: by three checks, and by
 * what no check has found.
 */
async function startFabric(many: number) {
  const names = namesOf(many)
  const write = (lab: Lab) => {
    const tags = { role: 'leaf', site: 'dc1', owner: 'team-of-the-fabric', rack: 'r42', note: 'as the inventory says' }
    const devices = Object.fromEntries(names.map((name, index) => [name, { host: '127.0.0.1', port: index + 1, tags }]))
    const credentials = { sim: { username: 'a', password: 'b', simulated: true } }
    lab.write(
      'inventory.yaml',
      JSON.stringify({ defaults: { protocol: 'http', credentials: 'sim' }, credentials, devices }),
    )
    lab.write('workflows/leaf.yaml', workflowFor(names[0] ?? ''))
    for (let index = 0; index < Math.min(many / 6, 100); index += 1)
      lab.write(`workflows/of-the-fabric-leaf-${index}.yaml`, workflowFor(names[0] ?? ''))
    lab.write('eosflow.yaml', SETTINGS)
    lab.write(
      'policy.yaml',
      policyWith({ rules: ['{ id: agents, allow: [workflow.list, approval.request], to: [operator, "kind:agent"] }'] }),
    )
  }
  const bench = await openLab({ prepare: write }).serve({ tokens: TOKENS, rehearse: rehearsing(many) })
  const config = Array.from({ length: 40 }, () => ({ sign: '+', text: LINE }))
  const source = { kind: 'snapshot', name: 'one' }
  const found = names.map((name) => ({ name, state: 'differs', source, since: AT, config, unsaved: false }))
  await bench.front.drift.take({ devices: found }, AT)
  const plan = planFor(names)
  const place = { path: '', state: 'Push' }
  const failed = names.flatMap((device, index): readonly EventBody[] => {
    const error = { kind: 'protocol' as const, message: `port ${index}: ${`${LINE} `.repeat(20)}`, device }
    const reasons = [`port ${index}: ${`${LINE} `.repeat(20)}`] as const
    const verdict = { status: 'fail', reasons } as const
    return [
      ...['one', 'two', 'three'].map(
        (check): EventBody => ({
          type: 'VerdictGiven',
          device,
          check: `${check} ${LINE}`,
          round: 1,
          verdict,
        }),
      ),
      { type: 'TaskFailed', ...place, device, error },
    ]
  })
  const events: EventBody[] = [
    {
      type: 'PlanMade',
      digest: plan.digest,
      plan: await storePlan(bench.app.store, plan),
      waves: [names],
      unchanged: [],
    },
    { type: 'StateEntered', ...place },
    ...failed,
    { type: 'ExecutionEnded', outcome: 'unknown', devices: Object.fromEntries(names.map((name) => [name, 'unknown'])) },
  ]
  const { project } = bench.app
  const prepared = preparedIn(bench.app, 'workflows/leaf.yaml')
  const principal = TOKENS.alice as Principal
  const caller = asking(principal)
  const { id, ...begun } = await begin(bench.app, caller, {
    judged: 'elsewhere',
    purpose: 'run',
    prepared: { ...prepared, devices: project.inventory().devices } as never,
  })
  let seq: number | undefined = begun.seq
  for (let from = 0; from < events.length; from += 500) {
    const part = events.slice(from, from + 500)
    seq = (await bench.app.journalAs(principal).append(id, part, seq)).at(-1)?.seq
  }
  // The engine has made the plan, and has compared the switches: what is measured is how that is told.
  const answers: Readonly<Record<string, unknown>> = { plan: { execution: id, known: true }, drift: { devices: found } }
  const { acts } = bench.front
  const ask: Acts['ask'] = async (act, ...given) => answers[act] ?? acts.ask(act, ...given)
  Object.assign(bench.front, { acts: { ask } })
  return { bench, agent: await bench.agent('botOfAlice'), digest: plan.digest, id, names }
}

/** Every tool that shows something, asked as little and as much as it can be. */
const ASKED: Readonly<
  Record<
    string,
    (digest: string, name: string, id: string, some: readonly string[]) => readonly Record<string, unknown>[]
  >
> = {
  workflows_list: () => [{}, { limit: 200 }],
  workflow_describe: () => [{ file: 'workflows/leaf.yaml' }],
  switches_list: () => [{}, { limit: 200 }, { search: 'role:leaf', limit: 200 }],
  switch_standing: (_, name) => [{ name }],
  drift_list: (_, name) => [{}, { limit: 200 }, { state: 'differs', limit: 200 }, { name }],
  plan_diff: (digest, name) => [{ digest }, { digest, switch: name }],
  plan_explain: (digest) => [{ digest }],
  approval_request: (digest) => [{ digest, reason: 'x'.repeat(1_000) }],
  executions_list: () => [{}, { limit: 200 }],
  execution_status: (_d, _n, id) => [{ id }, { id, limit: 200 }],
  execution_events: (_d, _n, id) => [{ id }],
  execution_explain: (_d, _n, id) => [{ id }],
  drift_check: (_d, name, _i, some) => [{ switches: [name] }, { switches: some }],
  plan_create: () => [{ workflow: 'workflows/leaf.yaml', key: 'one' }],
  // One that has failed, and one that is through.
  rehearsal_start: (digest) => [{ digest }],
  rehearsal_result: (digest) => [{ digest }],
}

interface Size {
  readonly tool: string
  readonly bytes: number
  readonly tokens: number
}

async function sizes(
  { agent, digest, id, names }: Awaited<ReturnType<typeof startFabric>>,
  asked: readonly (keyof typeof ASKED)[],
) {
  const found: Size[] = []
  for (const tool of asked) {
    for (const args of ASKED[tool]?.(digest, names[0] ?? '', id, names.slice(0, 50)) ?? []) {
      const result = await agent.callTool({ name: tool, arguments: args })
      const [first] = result.content as readonly { readonly text?: string }[]
      const text = first?.text ?? ''
      expect([tool, args, result.isError, text.slice(0, 200)]).toEqual([tool, args, undefined, text.slice(0, 200)])
      const bytes = Buffer.byteLength(text)
      const twice = bytes + Buffer.byteLength(JSON.stringify(result.structuredContent))
      found.push({ tool, bytes, tokens: Math.ceil(twice / 4) })
    }
  }
  return found
}

test.each([6, 300])(
  '[G40] [E6] no answer about %i switches is longer than an agent reads',
  { tags: 'long', timeout: 300_000 },
  noneIsLonger,
)

async function noneIsLonger(many: number) {
  const fabric = await startFabric(many)
  const { bench, agent, digest, id } = fabric
  const { tools } = await agent.listTools()
  expect(Object.keys(ASKED).toSorted()).toEqual(tools.map((one) => one.name).toSorted())
  const found = [...(await sizes(fabric, Object.keys(ASKED)))]
  // The second rehearsal does not fail.
  const again = await sizes(fabric, ['rehearsal_start', 'rehearsal_result'])
  found.push(...again)
  const largest = new Map<string, Size>()
  for (const one of found) if (one.bytes > (largest.get(one.tool)?.bytes ?? -1)) largest.set(one.tool, one)
  process.stdout.write(
    `${many} switches: ${[...largest.values()].map((one) => `${one.tool} ${one.bytes}`).join(', ')}\n`,
  )
  expect(found.filter(({ bytes }) => bytes > MOST)).toEqual([])
  expect(found.filter(({ tokens }) => tokens > MOST_TOKENS)).toEqual([])
  expect(found).toHaveLength(28)
  // The same of what is read as a resource.
  for (const uri of [
    `eosflow://executions/${id}`,
    `eosflow://executions/${id}/report.md`,
    `eosflow://plans/${digest}`,
    'eosflow://policy',
  ]) {
    const [one] = (await agent.readResource({ uri })).contents as readonly { readonly text: string }[]
    expect([uri, Buffer.byteLength(JSON.stringify(one?.text)) <= MOST]).toEqual([uri, true])
  }
  expect(bench.failures).toEqual([])
}

test('[E6] a list that goes on gives each of 60 switches once, its lines whole, whatever is asked at once', {
  tags: 'long',
  timeout: 120_000,
}, async () => {
  const { bench, agent, digest, id, names } = await startFabric(60)
  const all = async (tool: string, args: object, list: string): Promise<readonly { readonly name: string }[]> => {
    const found: { name: string }[] = []
    // An agent has so many requests a minute.
    await bench.lab.clock.advance(61_000)
    for (let cursor: unknown; ; ) {
      const asked = { ...args, ...(cursor === undefined ? {} : { cursor }) }
      const { structuredContent } = await agent.callTool({ name: tool, arguments: asked })
      const given = structuredContent as Record<string, unknown>
      expect([tool, asked, given[list] === undefined ? given : []]).toEqual([tool, asked, []])
      found.push(...(given[list] as { name: string }[]))
      cursor = given.next
      if (cursor === undefined) return found
    }
  }
  for (const limit of extentOfLong([50], [7, 50])) {
    expect((await all('switches_list', { limit }, 'switches')).map(({ name }) => name)).toEqual(names)
    expect((await all('drift_list', { limit }, 'switches')).map(({ name }) => name)).toEqual(names)
    expect((await all('execution_status', { id, limit }, 'devices')).map(({ name }) => name)).toEqual(names)
  }
  const lines = (await all('plan_diff', { digest }, 'switches')) as readonly { name: string; untrusted_diff: string }[]
  const own = lines.filter(({ name }) => name === names[7]).map(({ untrusted_diff }) => untrusted_diff)
  expect(own.join('\n').split('\n')).toEqual(
    Array.from({ length: 30 }, (_, line) => `+   description "port 7/${line}"`),
  )
  expect(new Set(lines.map(({ name }) => name)).size).toBe(60)
  const { structuredContent } = await agent.callTool({ name: 'switches_list', arguments: {} })
  expect((structuredContent as { summary: object }).summary).toMatchObject({
    switches: 60,
    unknown: 60,
    differs: 60,
  })
})

test('[E12] what an agent is told of the tools before it asks for anything is less than 13 KB', {
  tags: 'long',
}, async () => {
  const { agent } = await startFabric(6)
  const { tools } = await agent.listTools()
  const size = Buffer.byteLength(JSON.stringify(tools))
  process.stdout.write(`tools/list: ${tools.length} tools, ${size} bytes\n`)
  expect(tools).toHaveLength(16)
  expect(size).toBeLessThan(13_000)
})
