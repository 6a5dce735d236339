import { describe, expect, test } from 'vitest'
import { everyNthOfLong } from '../extent.ts'
import { exits, type Lab, openLab, planAt } from '../lab/lab.ts'

/** A change with a choice before its roll-out, by a variable of another switch, and one for each switch, by its own. */
function workflow({ condition = "$fabric.spine1.vars.risk = 'low'", within = '$device.vars.patience & "s"' } = {}) {
  return `name: by-states
targets: leaf1 or leaf3
change: { mode: merge, lines: [vlan 998] }
startAt: TakeSnapshot
states:
  TakeSnapshot: { Type: Task, Resource: eosflow:snapshot, Arguments: { state: [vlan] }, Next: MakePlan }
  MakePlan: { Type: Task, Resource: eosflow:plan, Next: ApprovePlan }
  ApprovePlan: { Type: Task, Resource: eosflow:approve, Next: WeighRisk }
  WeighRisk:
    Type: Choice
    Choices: [{ Condition: ${JSON.stringify(`{% ${condition} %}`)}, Next: RollOut }]
    Default: TooRisky
  TooRisky: { Type: Fail, Error: TooRisky }
  RollOut:
    Type: Map
    Items: waves
    Next: CheckTimers
    ItemProcessor:
      StartAt: RollOutWave
      States:
        RollOutWave:
          Type: Map
          Items: wave
          End: true
          ItemProcessor:
            StartAt: PushChange
            States:
              PushChange: { Type: Task, Resource: eosflow:push, Arguments: { confirmWithin: 15m }, Next: Note }
              Note: { Type: Pass, Output: ${JSON.stringify(`{% ${within} %}`)}, Next: VerifyChange }
              VerifyChange:
                Type: Task
                Resource: eosflow:verify
                Arguments: { within: 20s, stableFor: 0s, every: 2s, checks: [reachable] }
                End: true
  CheckTimers: { Type: Task, Resource: eosflow:ready, Next: ConfirmAll }
  ConfirmAll:
    Type: Map
    Items: targets
    ItemProcessor: { StartAt: ConfirmChange, States: { ConfirmChange: { Type: Task, Resource: eosflow:confirm, End: true } } }
    Next: SaveAll
  SaveAll:
    Type: Map
    Items: targets
    ItemProcessor: { StartAt: SaveChange, States: { SaveChange: { Type: Task, Resource: eosflow:save, End: true } } }
    Next: Done
  Done: { Type: Succeed }
`
}

function inventoryOf({ fabric }: Lab, { risk = 'low', patience = 7, unread = 1 } = {}) {
  const [first] = fabric.devices
  const at = (name: string) => `host: 127.0.0.1, port: ${fabric.device(name).http.port}`
  return `defaults: { protocol: http, credentials: sim }
credentials: { sim: { username: ${first?.username}, password: ${first?.password}, simulated: true } }
devices:
  leaf1:  { ${at('leaf1')}, vars: { patience: 5, peers: [{ ip: 10.0.0.1 }, { ip: 10.0.0.2 }] } }
  leaf3:  { ${at('leaf3')}, vars: { patience: ${patience}, peers: [] } }
  spine1: { ${at('spine1')}, vars: { risk: ${risk}, unread: ${unread} } }
`
}

function lab(...[text, given]: [string?, Parameters<typeof inventoryOf>[1]?]) {
  const made = openLab({ workflow: text ?? workflow() })
  made.write('inventory.yaml', inventoryOf(made, given))
  return made
}

describe('expressions of states', () => {
  test('see the switch that the state is for, and any other by its name', { tags: ['long', 'turn'] }, async () => {
    const made = lab()
    await exits(0, made.change())
    const { out } = await made.eosflow('history @latest')
    expect(out).toMatch(/StateExited .*Note.*5s/)
    expect(out).toMatch(/StateExited .*Note.*7s/)
  })

  test('decide by what they see', async () => {
    const made = lab(undefined, { risk: 'high' })
    const ended = await made.change()
    expect([ended.code, ended.out + ended.err]).toEqual([10, expect.stringContaining('TooRisky')])
  })

  const pinned: readonly (readonly [string, string, boolean])[] = [
    ['a variable of another switch that a condition reads', 'risk: low', true],
    ['a variable of a switch that a state of it reads', 'patience: 7', true],
    ['one that none reads', 'unread: 1', false],
  ]
  test.each(everyNthOfLong(3, 'variables that states read', pinned))(
    '%s: pinned is %s',
    async (_what, from, isPinned) => {
      const made = lab()
      await exits(0, made.eosflow('plan workflow.yaml -o a.plan'))
      const { digest } = planAt(made, 'a.plan')
      const name = from.split(':')[0] ?? ''
      made.write('inventory.yaml', inventoryOf(made).replace(from, `${name}: 99`))
      const { code, err } = await made.eosflow(`run a.plan --approve ${digest}`)
      expect(code, err).toBe(isPinned ? 5 : 0)
      if (isPinned) expect(err).toMatch(new RegExp(`vars\\.${name} \\(inventory\\.yaml:\\d\\) is no longer`))
    },
  )

  test.each([
    ['all switches at once', '$count($keys($fabric)) > 1'],
    ['a switch whose name is computed', '$lookup($fabric, "spine1").vars.risk = "low"'],
    ['a filter over all switches', '$fabric[0] = 1'],
  ])('%s: refused by validate, with the place', async (_what, condition) => {
    const made = lab(workflow({ condition }))
    const { out, err } = await exits(3, made.eosflow('validate workflow.yaml'))
    expect(out + err).toMatch(/workflow\.yaml:11:\d+: `WeighRisk` reads all switches of the inventory/)
  })

  test('go through lists, and find nothing where there is nothing', { tags: ['long', 'turn'] }, async () => {
    const made = lab(
      workflow({
        within:
          '{"ips": [$device.vars.peers.ip], "none": $exists($device.vars.nothing), "own": $device.vars.peers[0].ip = "10.0.0.1"}',
      }),
    )
    await exits(0, made.change())
    const { out } = await made.eosflow('history @latest')
    expect(out).toContain('{"ips":["10.0.0.1","10.0.0.2"],"none":false,"own":true}')
  })

  test.each([
    ['what the plan was made from, edited after the execution began', 'risk: low', 'risk: high', 10, 'TooRisky'],
    ['nothing that it reads, edited then', 'unread: 1', 'unread: 2', 0, ''],
  ])('see %s', { tags: 'long' }, async (_what, from, to, code, said) => {
    let isEdited = false
    const made = openLab({
      workflow: workflow(),
      before: (of) => {
        if (isEdited) return
        isEdited = true
        of.write('inventory.yaml', inventoryOf(of).replace(from, to))
      },
    })
    made.write('inventory.yaml', inventoryOf(made))
    const ended = await made.change()
    expect([ended.code, ended.out + ended.err]).toEqual([code, expect.stringContaining(said)])
  })

  test('see what the plan was made from when it is edited behind the last push', {
    tags: ['long', 'turn'],
  }, async () => {
    let commits = 0
    const made = openLab({
      workflow: workflow(),
      before: (of, _device, commands) => {
        if (!commands.some((command) => /commit timer/.test(command))) return
        commits += 1
        // An edit before the second one would end the execution as stale.
        if (commits === 2) of.write('inventory.yaml', inventoryOf(of, { patience: 99 }))
      },
    })
    made.write('inventory.yaml', inventoryOf(made))
    await exits(0, made.change())
    const { out } = await made.eosflow('history @latest')
    expect(out).toMatch(/StateExited .*Note.*7s/)
    expect(out).not.toContain('99s')
  })
})
