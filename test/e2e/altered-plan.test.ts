// @module-tag long

import { expect, test } from 'vitest'
import { planDigest } from '../../src/change/plan/make-plan.ts'
import type { Plan, PlanContent } from '../../src/change/plan/plan.ts'
import type { Json } from '../../src/model/json.ts'
import { everyNthOfLong, extentOfLong } from '../extent.ts'
import { asJson, type Lab, NO_COMMIT, openLab, partOf, planAt, workflowFor } from '../lab/lab.ts'
import { resealed } from './rolled-out.ts'

const WORKFLOW = workflowFor('leaf1 or leaf3', {
  lines: ['interface Ethernet2', '   description CACHE', 'snmp-server community Qx7zCommunity ro'],
  verify: '{ within: 20s, stableFor: 0s, every: 2s, checks: [reachable] }',
})

/**
 * What decides nothing: whether it is altered or not, the same is done. Of the tool the rules decide, not the version (ADR 78). A plan that says of a
 * switch that something is unsaved warns of what is not there; one that hides it is refused, below.
 */
const BESIDE =
  /^(evidence\.(createdAt|expected\.[\w.]+|deviceDiffs\.\w+|roundTrips\.\w+|(?:behind|cloudVision|files|notes)\.[\w./]+)|content\.requesters\.0\.\w+|content\.offline|content\.tool\.version|content\.devices\.\d\.base\.startupEqualsRunning)$/
/** What only the second switch shows, when the first one is changed: that is put back. */
const LATE = /^content\.devices\.1\.(diff\.\d\.text|diffHmac)$/

type Path = readonly (string | number)[]

function leaves(value: Json, path: Path = []): readonly { readonly path: Path; readonly value: Json }[] {
  if (value === null || typeof value !== 'object') return [{ path, value }]
  return Object.entries(value).flatMap(([name, member]) => leaves(member as Json, [...path, name]))
}

/** Another value of the same form, so that the schema does not see it where it can be helped. */
function altered(value: Json): Json {
  if (typeof value === 'number') return value + 1
  if (typeof value === 'boolean') return !value
  if (value === null) return 'x'
  const text = String(value)
  if (/^(sha256|hmac):/.test(text)) return text.slice(0, -1) + (text.endsWith('0') ? '1' : '0')
  if (/^\d{4}-\d\d-\d\dT/.test(text)) return text.replace(/^\d{4}/, '2020')
  return `${text}x`
}

function withLeaf(plan: Plan, path: Path, value: Json): Plan {
  const copy = JSON.parse(JSON.stringify(plan)) as Record<string, Json>
  const last = path.at(-1) ?? ''
  const holder = path.slice(0, -1).reduce<Record<string, Json>>((at, name) => at[name] as Record<string, Json>, copy)
  holder[last] = value
  return partOf<Plan>(copy)
}

async function planned(): Promise<{ readonly lab: Lab; readonly plan: Plan }> {
  const lab = openLab({ workflow: WORKFLOW })
  await lab.ok('plan workflow.yaml -o change.plan')
  return { lab, plan: planAt(lab, 'change.plan') as Plan }
}

/** What became of a plan of which one leaf was altered. */
const refusedBy = (code: number, said: string) => {
  if (code === 3) return 'schema'
  const why = [
    ['what the workflow gives for', 'demand'],
    ['shows other lines', 'lines'],
    ['shows another change', 'diff'],
    ['another change than the approved', 'diff'],
    ['gives other lines', 'lines'],
    ['does not match its digest', 'digest'],
    ['has changed since', 'source'],
    ['another switch answers', 'identity'],
    ['the plan was made for', 'identity'],
    ['holds other checks', 'demand'],
    ['in the inventory', 'source'],
    ['no longer read as they did', 'source'],
    ['is no longer what the plan was made from', 'source'],
    ['is not accepted: the approval is for the store', 'store'],
  ].find(([words]) => said.includes(words ?? ''))
  return why?.[1] ?? `exit ${code}: ${said.split('\n').at(-2)}`
}

test('[G1] [S1] [S2] every leaf of a plan, altered, digested anew and sealed anew by the same key: none is done in another way than the workflow says', {
  timeout: 300_000,
}, async () => {
  const refused = new Map<string, number>()
  const done: string[] = []
  const late: string[] = []
  let { lab, plan } = await planned()
  const all = leaves(asJson(plan)).filter(({ path }) => !/^(digest|seal)/.test(path.join('.')))
  const looked = everyNthOfLong(12, 'leaves of a plan that is sealed anew', all)
  for (const { path, value } of looked) {
    const where = path.join('.')
    const other = withLeaf(plan, path, altered(value))
    const digest = planDigest(other.content)
    lab.write('altered.plan', JSON.stringify(resealed(lab.dir, { ...other, digest })))
    const { code, out, err } = await lab.eosflow(`run altered.plan --approve ${digest}`)
    if (code === 0) done.push(where)
    else if (code === 6) late.push(where)
    const by = code === 0 ? 'done' : code === 6 ? 'put back' : refusedBy(code, out + err)
    refused.set(by, (refused.get(by) ?? 0) + 1)
    if (code === 0 || code === 6) ({ lab, plan } = await planned())
  }
  expect(done.filter((where) => !BESIDE.test(where))).toEqual([])
  expect(late.filter((where) => !LATE.test(where))).toEqual([])
  const known = ['demand', 'diff', 'digest', 'done', 'identity', 'lines', 'put back', 'schema', 'source', 'store']
  expect([...refused.keys()].filter((by) => !known.includes(by))).toEqual([])
  expect(refused.size).toBeGreaterThanOrEqual(extentOfLong(6, known.length))
  expect(looked.length).toBeGreaterThan(extentOfLong(20, 100))
  process.stdout.write(
    `${looked.length} leaves of a plan: ${[...refused].map(([by, many]) => `${by} ${many}`).join(', ')}\n`,
  )
})

test('[P20] lines that a plan of one switch shows, altered and sealed anew, are refused before anything is staged', async () => {
  const lab = openLab()
  await lab.ok('plan workflow.yaml -o change.plan')
  const plan = planAt(lab, 'change.plan') as Plan
  const [device] = plan.content.devices
  if (device === undefined) throw new RangeError('no switch in the plan')
  const lines = device.lines.map((line) => line.replace('TESTED', 'HARMLESS'))
  expect(lines).toEqual(['vlan 998', '   name HARMLESS'])
  const content = { ...plan.content, devices: [{ ...device, lines }] }
  const digest = planDigest(content)
  lab.write('altered.plan', JSON.stringify(resealed(lab.dir, { ...plan, content, digest })))
  const { out, err } = await lab.exits(5, `run altered.plan --approve ${digest}`)
  expect(out + err).toContain('leaf1: the plan shows other lines than those that would be sent')
  const asked = lab.device('leaf1').requests()
  expect(asked.filter(({ commands }) => commands.some((one) => one.startsWith('configure checkpoint')))).toEqual([])
})

type Device = PlanContent['devices'][number]

test.each<[string, (device: Device) => Partial<Device>, string, string]>([
  [
    'the mode',
    () => ({ mode: 'replace' }),
    'the plan shows a change by replace, and it would be sent by merge',
    'enable,configure,vlan 7,name OTHER,end',
  ],
  [
    'unknown lines that are none',
    ({ unknownLines }) => ({ unknownLines: [...unknownLines, 'vlan 998'] }),
    'the plan shows other lines as unknown than there are',
    '',
  ],
  [
    'that everything is saved',
    ({ base }) => ({ base: { ...base, startupEqualsRunning: true } }),
    'the plan shows that running-config is saved, and it is not',
    'enable,configure,vlan 7,name OTHER,end',
  ],
])(
  '[S14] %s in a plan of one switch, altered and sealed anew, is refused and nothing is armed',
  async (_, change, says, typed) => {
    const lab = openLab()
    // What somebody has typed and not saved.
    const params = { version: 1, cmds: typed.split(',') }
    if (typed !== '') {
      await lab.device('leaf1').connect()(JSON.stringify({ jsonrpc: '2.0', id: 'x', method: 'runCmds', params }))
    }
    await lab.ok('plan workflow.yaml -o change.plan')
    const plan = planAt(lab, 'change.plan') as Plan
    const devices = plan.content.devices.map((device) => ({ ...device, ...change(device) }))
    const content = { ...plan.content, devices }
    const digest = planDigest(content)
    expect(digest).not.toBe(plan.digest)
    lab.write('altered.plan', JSON.stringify(resealed(lab.dir, { ...plan, content, digest })))
    const { out, err } = await lab.exits(5, `run altered.plan --approve ${digest}`)
    expect(out + err).toContain(`leaf1: ${says}`)
    expect(lab.commits('leaf1')).toEqual(NO_COMMIT)
    await lab.device('leaf1').connect()(
      JSON.stringify({
        jsonrpc: '2.0',
        id: 'y',
        method: 'runCmds',
        params: { version: 1, cmds: ['enable', 'write memory'] },
      }),
    )
  },
)

/** What somebody who holds the keys may do to how a plan of four switches is rolled out. */
const REGROUPED: Readonly<Record<string, (content: PlanContent) => Partial<PlanContent>>> = {
  'all waves made one': ({ waves }) => ({ waves: [waves.flat()] }),
  'a wave made two': ({ waves }) => ({ waves: waves.flatMap((wave) => wave.map((name) => [name])) }),
  'the waves in another order': ({ waves }) => ({ waves: waves.toReversed() }),
  'a switch taken out of its wave': ({ waves }) => ({ waves: waves.slice(1) }),
  'a redundant pair forgotten, and its waves made one': ({ waves }) => ({ redundant: [], waves: [waves.flat()] }),
  'a redundant pair forgotten': () => ({ redundant: [] }),
  'a pair that may share a wave': () => ({ together: [['leaf1', 'leaf2']] }),
  'a switch taken out of the plan': ({ devices, waves }) => ({
    devices: devices.slice(1),
    waves: waves.map((wave) => wave.filter((name) => name !== 'leaf1')),
  }),
  'a switch said to be left out': ({ devices, waves }) => ({
    devices: devices.slice(1),
    waves: waves.map((wave) => wave.filter((name) => name !== 'leaf1')),
    leftOut: [{ name: 'leaf1', by: 'maxFailures' }],
  }),
  'what it read of the inventory forgotten': () => ({ inventory: { read: {} } }),
  'what it read made up': ({ inventory: { read } }) => ({
    inventory: { read: { ...read, leaf1: { ...read.leaf1, 'vars.asn': `hmac:${'0'.repeat(64)}` } } },
  }),
  'checks taken out': () => ({ checks: [] }),
  'canaries made up': () => ({ canary: { switches: ['leaf1'], soak: 30 } }),
  'another approval asked for': () => ({ approve: null }),
}

test.each(everyNthOfLong(2, 'regrouped plans', Object.entries(REGROUPED)))(
  'a plan digested and sealed anew with %s is not done',
  async (_, change) => {
    const lab = openLab({
      workflow: workflowFor('leaf1 or leaf2 or leaf3 or leaf4').replace('waves: [1]', 'waves: [1, 100%]'),
    })
    await lab.ok('plan workflow.yaml -o change.plan')
    const plan = planAt(lab, 'change.plan') as Plan
    const content = { ...plan.content, ...change(plan.content) }
    const digest = planDigest(content)
    lab.write('altered.plan', JSON.stringify(resealed(lab.dir, { ...plan, content, digest })))
    const { code, out, err } = await lab.eosflow(`run altered.plan --approve ${digest}`)
    expect([code, out + err]).toEqual([
      5,
      expect.stringMatching(
        /what the workflow gives for|other checks|selects it now|is no longer what the plan was made from/,
      ),
    ])
    expect(lab.fabric.devices.map(({ counters }) => counters().commits.timed)).toEqual(lab.fabric.devices.map(() => 0))
  },
)

test('[G1] [G53] [S1] [S2] [S3] every leaf of a plan, altered and digested anew: nothing is sent', {
  timeout: 300_000,
}, async () => {
  const { lab, plan } = await planned()
  const all = leaves(asJson(plan))
  const looked = everyNthOfLong(12, 'leaves of a plan that is digested anew', all)
  for (const { path, value } of looked) {
    const other = withLeaf(plan, path, altered(value))
    const digest = path.join('.') === 'digest' ? other.digest : planDigest(other.content)
    lab.write('altered.plan', JSON.stringify({ ...other, digest }))
    const { code, out, err } = await lab.eosflow(`run altered.plan --approve ${digest}`)
    expect([3, 5], `${path.join('.')}\n${out}${err}`).toContain(code)
  }
  expect(looked.length).toBeGreaterThan(extentOfLong(20, 250))
  expect(lab.fabric.devices.map(({ counters }) => counters().commits.timed)).toEqual(lab.fabric.devices.map(() => 0))
})

test('[U1] other switches or values than those of a saved plan are refused', async () => {
  const { lab } = await planned()
  for (const [given, named] of [
    [['-t', 'leaf1'], '-t'],
    [['-p', 'vlan=1'], '-p'],
    [['-t', 'leaf1', '--params', 'x.yaml'], '-t, --params'],
  ] as const) {
    const { code, err } = await lab.eosflow('run change.plan', ...given)
    expect([code, err]).toEqual([3, expect.stringContaining(`${named}: a saved plan is fixed`)])
  }
})

test('[G54] [S3] a plan of another install key is not run here, and an approval elsewhere says that the seal is not checked', async () => {
  const { lab, plan } = await planned()
  const other = openLab({ workflow: WORKFLOW })
  other.write('change.plan', JSON.stringify(plan))
  const approved = await other.eosflow('approve change.plan -o a.approval')
  expect([approved.code, approved.err]).toEqual([
    0,
    expect.stringContaining('! seal not checked: it was sealed elsewhere, by'),
  ])
  const ran = await other.eosflow('run change.plan')
  expect([ran.code, ran.err]).toEqual([5, expect.stringContaining('nothing here vouches for this plan')])
  expect((await lab.ok('approve change.plan')).err).not.toContain('seal not checked')
})

test('a plan of version 1 is refused by name', async () => {
  const { lab, plan } = await planned()
  const { seal: _, ...old } = plan
  lab.write('old.plan', JSON.stringify({ ...old, version: 1 }))
  const { code, err } = await lab.eosflow('run old.plan')
  expect([code, err]).toEqual([3, expect.stringContaining('a plan file of version 1: this eosflow reads version 3')])
})
