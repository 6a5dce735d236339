// @module-tag long
import { describe, expect, test } from 'vitest'
import { planDigest } from '../../src/change/plan/make-plan.ts'
import type { Plan } from '../../src/change/plan/plan.ts'
import type { JournalEvent } from '../../src/change/record/event/event.ts'
import type { Json } from '../../src/model/json.ts'
import { everyNthOfLong } from '../extent.ts'
import { type Ended, exits, type Lab, openLab, planAt, whereIs, workflowFor } from '../lab/lab.ts'
import { resealed } from './rolled-out.ts'

const VERIFY = '{ within: 20s, stableFor: 0s, every: 2s, checks: [reachable] }'
const FILES = {
  'workflows/vlan.yaml': workflowFor('leaf1 or leaf3', {
    lines: ['vlan {{ vlan }}', '   name {{ label }}'],
    extra: 'params: { vlan: { type: integer }, label: { type: string } }',
    verify: VERIFY,
  }),
  'changes/vlan998.yaml':
    'version: 1\nworkflow: vlan\nparams: { vlan: 998, label: TESTED }\ntargets: leaf1\nticket: CHG-1234\n',
} as const

const lab = (files: Readonly<Record<string, string>> = {}) => openLab({ files: { ...FILES, ...files } })
const leaf1 = (on: Lab) => on.device('leaf1')
const timed = (on: Lab) => leaf1(on).counters().commits.timed
const said = ({ out, err }: Ended) => out + err
const withMore = (lines: string) => `${FILES['changes/vlan998.yaml']}${lines}`

/** Runs a change file as a person who approves the digest that is shown. */
async function approvedRun(on: Lab, file = 'changes/vlan998.yaml', ...more: readonly string[]) {
  return on.agreed('run', file, ...more)
}

async function planIn(on: Lab, file = 'change.plan') {
  return planAt(on, file) as Plan
}

async function started(on: Lab) {
  const found: JournalEvent[] = []
  // What sent nothing is listed with the plans.
  const lists = [await on.eosflow('executions --json'), await on.eosflow('plans --json')]
  const listed = lists.flatMap(
    ({ out }) => (JSON.parse(out) as { executions: readonly { id: string; purpose: string }[] }).executions,
  )
  for (const { id } of listed.filter(({ purpose }) => purpose === 'run')) {
    const { out: history } = await on.eosflow(`history ${id} --json`)
    found.push(...(JSON.parse(history) as readonly JournalEvent[]).slice(0, 1))
  }
  return found.flatMap((one) => (one.type === 'ExecutionStarted' ? [one] : []))
}

/** `sha256sum` of the change file above. */
const DIGEST = 'sha256:84ce7c23fa0b8157c5f29a7a88c435866e72367866bc8821191c45cd9e9fd4cd'

describe('a change file in the place of a workflow', () => {
  test('is planned with its switches and values, and is in the plan by path and digest', async () => {
    const on = lab()
    const { out } = await on.ok('plan changes/vlan998.yaml -o change.plan')
    expect(out).toContain(`Change file changes/vlan998.yaml (${DIGEST.slice(7, 15)}), ticket CHG-1234\n`)
    const { content } = await planIn(on)
    expect(content.changeFile).toEqual({ file: 'changes/vlan998.yaml', digest: DIGEST, ticket: 'CHG-1234' })
    expect(content.workflow.params).toEqual({ vlan: 998, label: 'TESTED' })
    expect(content.devices.map(({ name }) => name)).toEqual(['leaf1'])
    const { out: markdown } = await on.ok('show change.plan --markdown')
    expect(markdown).toContain(`Change file changes/vlan998.yaml (${DIGEST.slice(7, 15)}), ticket CHG-1234.\n`)
  })

  test('is completed where a workflow is', async () => {
    const on = lab()
    for (const command of ['plan', 'run', 'rehearse']) {
      const { out } = await on.ok('__complete zsh', command, 'ch')
      expect(out).toBe('changes/vlan998.yaml\n')
    }
  })

  test('is run, and the record says which file it was', { tags: 'turn' }, async () => {
    const on = lab()
    await exits(0, approvedRun(on))
    expect(whereIs(leaf1(on))).toBe('AFTER')
    const [first] = await started(on)
    expect(first?.changeFile).toEqual({ file: 'changes/vlan998.yaml', digest: DIGEST, ticket: 'CHG-1234' })
    expect(first?.request?.key).toBe(`change:changes/vlan998.yaml@${DIGEST.slice(7)}`)
    const { out } = await on.ok('history @latest')
    expect(out).toContain('Change file changes/vlan998.yaml')
    const { out: shown } = await on.ok('show @latest --json')
    expect(JSON.parse(shown)).toMatchObject({ changeFile: first?.changeFile })
  })

  test.each([
    [['-t', 'leaf3'], '-t'],
    [['--limit', 'leaf3'], '-t'],
    [['-p', 'vlan=999'], '-p'],
    [['--params', 'more.yaml', '-p', 'vlan=999'], '-p, --params'],
  ])('beside %s is refused by name, and nothing is merged', async (flags, names) => {
    const on = lab({ 'more.yaml': 'vlan: 999\n' })
    for (const command of ['plan', 'run', 'rehearse']) {
      const ended = await on.exits(3, command, 'changes/vlan998.yaml', ...flags)
      expect(said(ended)).toContain(`${names}: a change file says its switches and values itself`)
    }
    expect(leaf1(on).counters().requests).toBe(0)
  })

  test('a saved plan of it is run, and refused once the file says something else', {
    tags: 'turn',
  }, async () => {
    const on = lab()
    await on.ok('plan changes/vlan998.yaml -o change.plan')
    await on.ok('approve change.plan')
    for (const text of [
      withMore('# a comment\n'),
      FILES['changes/vlan998.yaml'].replace('CHG-1234', 'CHG-9'),
      FILES['changes/vlan998.yaml'].replace('998', '999'),
      'not: a change file\n',
    ]) {
      on.write('changes/vlan998.yaml', text)
      await on.exits(5, 'run change.plan')
    }
    expect(timed(on)).toBe(0)
    on.write('changes/vlan998.yaml', FILES['changes/vlan998.yaml'])
    await on.ok('run change.plan')
    expect(whereIs(leaf1(on))).toBe('AFTER')
  })

  test('that is edited while its approval is waited for is not sent', async () => {
    const on = lab()
    await on.exits(12, 'run changes/vlan998.yaml --detach')
    on.write('changes/vlan998.yaml', withMore("notAfter: '2020-01-01T00:00:00Z'\n"))
    await on.eosflow('approve @latest')
    await on.exits(5, 'resume @latest --detach')
    expect(timed(on)).toBe(0)
  })

  test('every leaf of what a plan holds of it, altered and sealed anew, is refused', {
    tags: 'turn',
  }, async () => {
    const on = lab({
      'changes/before.yaml': 'workflow: vlan\nparams: { vlan: 990, label: B }\ntargets: leaf1\n',
      'changes/vlan998.yaml': withMore(
        "notBefore: '2020-01-01T00:00:00Z'\nnotAfter: '2099-01-01T00:00:00Z'\nafter: [before]\n",
      ),
    })
    await exits(0, approvedRun(on, 'changes/before.yaml'))
    await on.ok('plan changes/vlan998.yaml -o change.plan')
    const plan = await planIn(on)
    const changed = timed(on)
    const terms = plan.content.changeFile as unknown as Record<string, Json>
    const ways: Record<string, Json | undefined>[] = [
      { ...terms, file: 'changes/before.yaml' },
      { ...terms, digest: `sha256:${'0'.repeat(64)}` },
      { ...terms, ticket: 'CHG-1' },
      { ...terms, notBefore: '2019-01-01T00:00:00.000Z' },
      { ...terms, notAfter: '2098-01-01T00:00:00.000Z' },
      { ...terms, after: [{ file: 'changes/before.yaml', digest: `sha256:${'0'.repeat(64)}` }] },
      ...['ticket', 'notBefore', 'notAfter', 'after'].map((name) =>
        Object.fromEntries(Object.entries(terms).filter(([key]) => key !== name)),
      ),
    ]
    const { changeFile: _, ...bare } = plan.content
    for (const content of [bare, ...ways.map((changeFile) => ({ ...bare, changeFile }))]) {
      const other = { ...plan, content, digest: planDigest(content as Plan['content']) } as Plan
      on.write('altered.plan', JSON.stringify(resealed(on.dir, other)))
      const ended = await on.eosflow('run altered.plan --approve', other.digest)
      expect([3, 4, 5], said(ended)).toContain(ended.code)
    }
    expect(timed(on)).toBe(changed)
  })
})

describe('a change file that is run once more', () => {
  test('gives the first execution and its exit code, and sends nothing', { tags: 'turn' }, async () => {
    const on = lab()
    await exits(0, approvedRun(on))
    const { requests } = leaf1(on).counters()
    const again = await on.ok('run changes/vlan998.yaml --detach')
    expect(again.err).toContain('nothing is begun a second time')
    expect(leaf1(on).counters().requests).toBe(requests)
    expect(await started(on)).toHaveLength(1)
  })

  test('at the same path with other content is another change', { tags: 'turn' }, async () => {
    const on = lab()
    await exits(0, approvedRun(on))
    on.write('changes/vlan998.yaml', FILES['changes/vlan998.yaml'].replace('TESTED', 'OTHER'))
    await exits(0, approvedRun(on))
    expect(await started(on)).toHaveLength(2)
  })

  test('with the same content and another workflow behind it is refused by name', {
    tags: 'turn',
  }, async () => {
    const on = lab()
    await exits(0, approvedRun(on))
    on.write('workflows/vlan.yaml', FILES['workflows/vlan.yaml'].replace('confirmWithin: 5m', 'confirmWithin: 6m'))
    const ended = await exits(5, approvedRun(on))
    expect(said(ended)).toContain('which was asked for another change: nothing was begun')
    expect(timed(on)).toBe(1)
  })

  test.each(
    everyNthOfLong(3, 'points at which the process of a change file is killed', [
      'intent-open',
      'after-open',
      'intent-arm',
      'before-arm',
      'after-arm',
      'arm-journalled',
      'in-verify',
      'after-confirm',
      'confirm-journalled',
    ]),
  )(
    'after its process was killed (%s) goes on or puts back, and never pushes twice',
    { tags: 'turn' },
    async (point) => {
      const on = openLab({ files: FILES })
      await on.killIn(() => approvedRun(on), point)
      const before = timed(on)
      const ended = await on.eosflow('run changes/vlan998.yaml --detach')
      expect([0, 6, 7], said(ended)).toContain(ended.code)
      expect(timed(on)).toBe(Math.max(before, ended.code === 0 ? 1 : before))
      expect(await started(on)).toHaveLength(1)
    },
  )

  test.each(['change:x', 'change:changes/vlan998.yaml@0'])('no other change takes its key: %s', async (key) => {
    const on = lab()
    const ended = await on.exits(3, 'run workflow.yaml --key', key)
    expect(said(ended)).toContain('a key that begins with `change:` is that of a change file')
  })
})

describe('the window of a change file', () => {
  const at = (on: Lab, seconds: number) => new Date(on.clock.now() + seconds * 1000).toISOString()

  test('refuses the start before and behind it, and where the change would not be over', async () => {
    const on = lab()
    for (const [lines, words] of [
      [
        `notBefore: '${at(on, 60)}'\n`,
        / changes no switch before \S+Z: it is \S+Z\n {4}Nothing was sent: run it again then\.\n/,
      ],
      [`notAfter: '${at(on, -1)}'\n`, / changes no switch after \S+Z: it is \S+Z\n {4}/],
      [`notAfter: '${at(on, 60)}'\n`, / changes no switch after \S+Z: it is \S+Z, and the change takes up to /],
      [
        `notBefore: '${at(on, 60)}'\nnotAfter: '${at(on, 7200)}'\n`,
        / changes switches from \S+Z to \S+Z only: it is \S+Z\n {4}/,
      ],
    ] as const) {
      on.write('changes/vlan998.yaml', withMore(lines))
      const ended = await on.exits(9, 'run changes/vlan998.yaml --detach')
      expect(said(ended)).toContain('changes/vlan998.yaml changes ')
      expect(said(ended)).toMatch(words)
    }
    expect([timed(on), (await started(on)).length]).toEqual([0, 0])
  })

  test('lets a plan be made at any time, and the change begin within it', { tags: 'turn' }, async () => {
    const on = lab()
    on.write('changes/vlan998.yaml', withMore(`notBefore: '${at(on, 600)}'\nnotAfter: '${at(on, 7200)}'\n`))
    await on.ok('plan changes/vlan998.yaml -o change.plan')
    await on.ok('approve change.plan')
    await on.exits(9, 'run change.plan')
    await on.clock.advance(700_000)
    await on.ok('run change.plan')
    expect(whereIs(leaf1(on))).toBe('AFTER')
  })

  test('closes while an approval is waited for: nothing is sent, whoever goes on with it', {
    tags: 'turn',
  }, async () => {
    const on = lab()
    on.write('changes/vlan998.yaml', withMore(`notAfter: '${at(on, 3600)}'\n`))
    await on.exits(12, 'run changes/vlan998.yaml --detach')
    await on.clock.advance(3_600_000)
    await on.ok('approve @latest')
    const ended = await on.exits(9, 'resume @latest --detach')
    expect(said(ended)).toContain('changes/vlan998.yaml changes no switch after')
    expect(timed(on)).toBe(0)
  })
})

describe('what comes before a change', { tags: 'turn' }, () => {
  const SECOND = 'workflow: vlan\nparams: { vlan: 997, label: SECOND }\ntargets: leaf1\nafter: [vlan998]\n'

  test('must have succeeded, as its file was', async () => {
    const on = lab({ 'changes/second.yaml': SECOND })
    const early = await exits(9, approvedRun(on, 'changes/second.yaml'))
    expect(said(early)).toContain(
      `changes/second.yaml comes after 1 change of which no success is on record: changes/vlan998.yaml (${DIGEST.slice(7, 15)})`,
    )
    await on.ok('plan changes/vlan998.yaml -o first.plan')
    await exits(9, approvedRun(on, 'changes/second.yaml'))
    await exits(0, approvedRun(on))
    await exits(0, approvedRun(on, 'changes/second.yaml'))
    expect(timed(on)).toBe(2)
  })

  test('that was put back, rolled back or edited since does not count', async () => {
    const on = lab({ 'changes/second.yaml': SECOND })
    on.fault({ device: 'leaf1', kind: 'hand-edit', on: 'commit', lines: ['no vlan 998'] })
    await exits(6, approvedRun(on))
    on.clearFaults()
    const failed = await exits(9, approvedRun(on, 'changes/second.yaml'))
    expect(said(failed)).toMatch(/changes\/vlan998\.yaml \([0-9a-f]{8}\), whose newest execution is \d{8}-/)
    await exits(0, approvedRun(on, 'changes/vlan998.yaml', '--key', 'again'))
    const [newest] = await started(on)
    on.write('changes/vlan998.yaml', withMore('# edited\n'))
    await exits(9, approvedRun(on, 'changes/second.yaml'))
    on.write('changes/vlan998.yaml', FILES['changes/vlan998.yaml'])
    await exits(0, on.agreed('rollback', newest?.execution ?? ''))
    await exits(9, approvedRun(on, 'changes/second.yaml'))
  })
})
