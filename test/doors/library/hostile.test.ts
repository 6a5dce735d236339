import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { type EosflowProject, InputError, openProject, type ProjectCaller } from '../../../src/index.ts'
import { EosflowError } from '../../../src/model/error.ts'
import { everyNth } from '../../extent.ts'
import { inLab } from '../../lab/code.ts'
import { type Lab, openLab, partOf, workflowFor } from '../../lab/lab.ts'

/** What was thrown. */
const thrown = (work: Promise<unknown>) =>
  work.then(
    (value) => `nothing: ${inspect(value)}`,
    (error: unknown) => error,
  )

const planned = (lab: Lab, project: EosflowProject) => inLab(lab, project.plan({ workflow: 'workflow.yaml' }))

describe('who calls', () => {
  test.each<[string, object, RegExp]>([
    ['a principal beside the caller', { principal: { issuer: 'corp', id: 'boss' } }, /"principal"/],
    ['a seam', { seams: {} }, /"seams"/],
    ['a caller with a name', { caller: { kind: 'local', id: 'boss' } }, /"id"/],
    ['a caller of no kind', { caller: { kind: 'root' } }, /expected/i],
    ['no caller', { caller: undefined }, /expected/i],
    ['no environment', { env: undefined }, /expected/i],
  ])('%s is refused before anything is read', async (_, given, message) => {
    const options = { folder: '/', caller: { kind: 'local' }, env: {}, ...given } as never
    const error = await thrown(openProject(options))
    expect(error).toBeInstanceOf(InputError)
    expect((error as InputError).message).toMatch(message)
  })

  test.each<[ProjectCaller, string, RegExp]>([
    [{ kind: 'token', token: 'made.up.token' }, '', /lists no identity provider/],
    [{ kind: 'login' }, '', /lists no identity provider/],
    [
      { kind: 'local' },
      'identity: { issuers: [{ name: corp, issuer: "https://idp.example.com", audience: eosflow, clientId: eosflow }] }\n',
      /the local user may not call/,
    ],
  ])('%j is refused where the settings say otherwise', async (caller, settings, message) => {
    const lab = openLab({ files: { 'eosflow.yaml': `version: 1\n${settings}` } })
    const project = await lab.code({ caller })
    for (const work of [project.whoami(), project.plan({ workflow: 'workflow.yaml' })]) {
      const error = await thrown(inLab<unknown>(lab, work))
      expect(error).toMatchObject({ name: 'EosflowError', kind: 'not-authorised' })
      expect((error as Error).message).toMatch(message)
    }
  })

  test('[G128] a decision has no approver but the caller, and names a whole digest', async () => {
    const lab = openLab()
    const project = await lab.code()
    const { plan, digest } = await planned(lab, project)
    const decide = (more: object) =>
      thrown(inLab(lab, project.decide({ decision: 'approve', plan, digest, ...more } as never)))
    expect(await decide({ approver: { id: 'boss' } })).toMatchObject({ name: 'InputError' })
    expect(await decide({ digest: digest.slice(0, 15) })).toMatchObject({ problems: [{ code: 'no-whole-digest' }] })
    expect(await decide({ digest: undefined })).toMatchObject({ name: 'InputError' })
    expect(await decide({ digest: `sha256:${'0'.repeat(64)}` })).toMatchObject({ kind: 'stale' })
    expect(await decide({ decision: 'yes' })).toMatchObject({ name: 'InputError' })
  })
})

describe('what is sent', () => {
  test('what is asked is judged and copied at once: nothing that is done to it later counts', async () => {
    const lab = openLab()
    const project = await lab.code()
    const asked = { workflow: 'workflow.yaml' }
    const planning = project.plan(asked)
    asked.workflow = 'other.yaml'
    const { plan, digest } = await inLab(lab, planning)
    const decision: { decision: 'approve' | 'reject' } = { decision: 'reject' }
    const deciding = project.decide(Object.assign(decision, { plan, digest }))
    decision.decision = 'approve'
    expect(await inLab(lab, deciding)).toMatchObject({ decision: 'reject' })
  })

  test('the key of a change file is taken by nothing else, so that nobody keeps that from being run', {
    tags: ['long', 'turn'],
  }, async () => {
    const lab = openLab({ files: { 'changes/c.yaml': 'workflow: ./workflow.yaml\n' } })
    const project = await lab.code()
    const { plan } = await planned(lab, project)
    // `sha256sum` of the change file.
    const key = 'change:changes/c.yaml@427a69f5a3315e08f073daeecc7aa67e99b5fbd944cb5e759a9343a1003387dc'
    for (const asked of [{ workflow: 'workflow.yaml' }, { plan }])
      expect(String(await thrown(inLab(lab, project.start({ ...asked, key }))))).toContain('is that of a change file')
    await lab.exits(12, 'run changes/c.yaml --detach')
  })

  test('[G128] a plan that nobody has approved waits, and nothing of it is on a switch', async () => {
    const lab = openLab()
    const project = await lab.code()
    const { plan } = await planned(lab, project)
    const { execution } = await inLab(lab, project.start({ plan }))
    const waits = await inLab(lab, project.settled(execution))
    expect(waits).toMatchObject({ status: 'running', waitingFor: [{ waitsFor: 'approval' }], exitCode: 12 })
    expect(lab.whereIs('leaf1')).toBe('BEFORE')
  })

  test.each<[string, (plan: Mutable) => void]>(
    everyNth(3, 'parts of a plan that are changed in memory', [
      ['a line', (plan) => plan.content.devices[0]?.lines.push('vlan 999')],
      ['a switch', (plan) => plan.content.devices.pop()],
      ['the one who asks', (plan) => Object.assign(plan.content.requesters[0] ?? {}, { id: 'boss' })],
      ['its digest', (plan) => Object.assign(plan, { digest: `sha256:${'0'.repeat(64)}` })],
      ['its seal', (plan) => Object.assign(plan.seal, { own: `hmac:${'0'.repeat(64)}` })],
      ['the timers', (plan) => Object.assign(plan.content.timers, { confirmWithin: 1 })],
    ]),
  )('a plan of which %s was changed in memory is stale, for a decision and for a start', async (_, change) => {
    const lab = openLab()
    const project = await lab.code()
    const { plan, digest } = await planned(lab, project)
    change(partOf<Mutable>(plan))
    for (const work of [
      project.decide({ decision: 'approve', plan, digest }),
      project.start({ plan, approve: digest }),
    ])
      expect(await thrown(inLab<unknown>(lab, work))).toMatchObject({ kind: 'stale' })
    expect(lab.whereIs('leaf1')).toBe('BEFORE')
  })

  test('what is changed in a plan while it is started changes nothing of what is sent', {
    tags: ['long', 'turn'],
  }, async () => {
    const lab = openLab()
    const project = await lab.code()
    const { plan, digest } = await planned(lab, project)
    const starting = project.start({ plan, approve: digest })
    partOf<Mutable>(plan).content.devices[0]?.lines.push('vlan 997')
    const { execution } = await inLab(lab, starting)
    expect(await inLab(lab, project.settled(execution))).toMatchObject({ outcome: 'succeeded', plan: digest })
    expect(lab.device('leaf1').switch.running).toBeDefined()
    expect(lab.whereIs('leaf1')).toBe('AFTER')
  })

  test('two projects of one folder in one process do not change a switch at once', {
    tags: ['long', 'turn'],
  }, async () => {
    const lab = openLab()
    const projects = [await lab.code(), await lab.code()] as const
    const plans = [await planned(lab, projects[0]), await planned(lab, projects[1])] as const
    const ends = await inLab(
      lab,
      Promise.all(
        ([0, 1] as const).map(async (at) => {
          const [project, { plan, digest }] = [projects[at], plans[at]]
          try {
            const { execution } = await project.start({ plan, approve: digest })
            return (await project.settled(execution)).outcome
          } catch (error) {
            return (error as EosflowError).kind
          }
        }),
      ),
    )
    expect(ends).toContain('succeeded')
    expect(
      ends.filter((end) => end !== 'succeeded' && /^(?:busy|stale|refused|rolled-back)$/.test(end ?? '')),
    ).toHaveLength(1)
    expect(lab.whereIs('leaf1')).toBe('AFTER')
  })

  test('a project is closed while a change runs: it rests where the switch is safe, and is resumed', {
    tags: ['long', 'turn'],
  }, async () => {
    const workflow = workflowFor('leaf1', {
      push: '{ confirmWithin: 60m }',
      verify: '{ within: 50m, stableFor: 10m, every: 30s, checks: [reachable] }',
    })
    const lab = openLab({ workflow })
    const project = await lab.code()
    const { plan, digest } = await planned(lab, project)
    const { execution } = await inLab(lab, project.start({ plan, approve: digest }))
    await inLab(
      lab,
      (async () => {
        for await (const { type } of project.follow(execution)) if (type === 'VerdictGiven') break
        await project.close()
      })(),
    )
    await expect(project.show('@latest')).rejects.toMatchObject({ name: 'InputError', problems: [{ code: 'closed' }] })
    const other = await lab.code()
    const left = await inLab(lab, other.show(execution))
    expect(left.devices[0]?.end).not.toBe('unknown')
    if (left.status !== 'ended') await inLab(lab, other.resume(execution))
    expect(await inLab(lab, other.settled(execution))).toMatchObject({ outcome: 'succeeded' })
  })
})

/** A plan as whoever has it in memory can change it. */
interface Mutable {
  readonly content: {
    readonly devices: { readonly lines: string[] }[]
    readonly requesters: object[]
    readonly timers: object
  }
  readonly seal: object
}

describe('what is read', () => {
  test.each<[string, (project: EosflowProject) => Promise<unknown>, string]>([
    ['a workflow outside of the project', (project) => project.plan({ workflow: '../workflow.yaml' }), 'InputError'],
    ['the standard input as a workflow', (project) => project.plan({ workflow: '-' }), 'InputError'],
    ['the standard input as a plan', (project) => project.start({ plan: { file: '-' } }), 'InputError'],
    ['the standard input as a list', (project) => project.facts({ target: '@-' }), 'InputError'],
    [
      'a misspelt member',
      (project) => project.plan({ workflow: 'workflow.yaml', targets: 'leaf1' } as never),
      'InputError',
    ],
    ['a switch that is not there', (project) => project.facts({ target: 'leaf99' }), 'InputError'],
    ['a word for no execution', (project) => project.show('workflow.yaml'), 'InputError'],
  ])('%s is refused', async (_, work, name) => {
    const lab = openLab()
    const project = await lab.code()
    expect(await thrown(inLab(lab, work(project)))).toMatchObject({ name })
  })

  test('a folder without a project, and one that somebody else can change, are refused', async () => {
    const lab = openLab()
    const asked = { caller: { kind: 'local' }, env: { HOME: lab.dir } } as const
    expect(await thrown(openProject({ ...asked, folder: join(lab.dir, 'nowhere') }))).toMatchObject({
      problems: [{ code: 'no-project' }],
    })
    chmodSync(join(lab.dir, 'eosflow.yaml'), 0o666)
    expect(await thrown(openProject({ ...asked, folder: lab.dir }))).toMatchObject({
      problems: [{ code: 'foreign-files' }],
    })
  })
})

const SECRET = 'correct-horse-battery-staple'

describe('secrets', () => {
  const files = (lab: Pick<Lab, 'fabric'>) => JSON.stringify(lab.fabric.devices.length)
  test('no secret that the project knows is in what is thrown, returned or told', async () => {
    const told: string[] = []
    const lab = openLab({
      before: () => {
        throw new EosflowError('refused', `login ${SECRET} was refused`, {
          hint: `try ${SECRET}`,
          command: `enable ${SECRET}`,
          cause: new Error(SECRET),
        })
      },
      files: { 'eosflow.yaml': 'version: 1\n' },
    })
    expect(files(lab)).not.toBe('0')
    const inventory = JSON.stringify({
      defaults: { protocol: 'http', credentials: 'sim' },
      credentials: { sim: { username: 'admin', password: `\${env:SWITCH_PASSWORD}` } },
      devices: { leaf1: { host: '127.0.0.1', port: 1 } },
    })
    lab.write('inventory.yaml', inventory)
    const options = {
      before: () => {
        throw new EosflowError('refused', `login ${SECRET} was refused`, {
          hint: `try ${SECRET}`,
          command: `enable ${SECRET}`,
          cause: new Error(SECRET),
        })
      },
    }
    const project = await lab.code({ env: { SWITCH_PASSWORD: SECRET }, tell: (text) => void told.push(text) }, options)
    const results = [
      await thrown(inLab(lab, project.plan({ workflow: 'workflow.yaml' }))),
      await thrown(inLab(lab, project.plan({ workflow: 'workflow.yaml', params: { vlan: SECRET } }))),
      await thrown(inLab(lab, project.snapshot())),
      await thrown(inLab(lab, project.facts())),
      await thrown(inLab(lab, project.drift())),
      await thrown(inLab(lab, project.show(SECRET))),
      await thrown(inLab(lab, project.facts({ target: SECRET }))),
      await thrown(inLab(lab, project.history('@latest'))),
    ]
    const said = results.map((one) => inspect(one, { depth: 20, showHidden: true }))
    expect(said.filter((text) => text.includes('<')).length).toBeGreaterThan(0)
    for (const text of [...said, ...told]) expect(text).not.toContain(SECRET)
    expect(results[0]).toMatchObject({ name: 'EosflowError' })
    expect(results[1]).toMatchObject({ problems: [{ code: 'secret-parameter' }] })
  })

  test('a listener that throws keeps nothing from its end', { tags: ['long', 'turn'] }, async () => {
    const lab = openLab()
    const project = await lab.code({
      tell: () => {
        throw new Error('no more notes')
      },
    })
    const { plan, digest } = await planned(lab, project)
    const { execution } = await inLab(lab, project.start({ plan, approve: digest }))
    expect(await inLab(lab, project.settled(execution))).toMatchObject({ outcome: 'succeeded' })
  })
})

test('what a request was given stays its owner’s: nothing of it is frozen or changed', async () => {
  const lab = openLab()
  const env = { TRACE: 'no' }
  const params = {}
  const project = await lab.code({ env })
  await inLab(lab, project.plan({ workflow: 'workflow.yaml', params }))
  expect([Object.isFrozen(env), Object.isFrozen(params), env, params]).toEqual([false, false, { TRACE: 'no' }, {}])
})

test.each([
  [
    'holds itself',
    () => {
      const one: Record<string, unknown> = {}
      one.one = one
      return one
    },
  ],
  ['is nested without an end', () => Array.from({ length: 200_000 }).reduce<object>((inner) => ({ inner }), {})],
])('a parameter that %s is no request', async (_, value) => {
  const lab = openLab()
  const project = await lab.code()
  const params = { vlan: value() } as never
  const error = await thrown(inLab(lab, project.plan({ workflow: 'workflow.yaml', params })))
  expect(error).toBeInstanceOf(InputError)
  expect((error as InputError).problems).toMatchObject([
    { code: 'bad-usage', message: 'it has too many members within members, or holds itself' },
  ])
})
