import { describe, expect, test } from 'vitest'
import { everyNthOfLong } from '../extent.ts'
import { exits, type Lab, openLab, planAt, workflowFor } from '../lab/lab.ts'

const WORKFLOW = workflowFor('leaf1 or leaf3', {
  lines: ['vlan {{ device.vars.mine }}', '   name TESTED'],
  verify:
    "{ within: 20s, stableFor: 0s, every: 2s, expect: { vlan: { added: ['{{ device.vars.mine }}'] } }, checks: [{ vlans-present: { vlans: '{{ device.vars.wanted }}' } }, { vlans-present: { vlans: \"{{ fabric['leaf1'].vars.common }}\" } }] }",
})

function inventoryOf({ fabric }: Lab, wanted: string) {
  const [first] = fabric.devices
  const at = (name: string) => `host: 127.0.0.1, port: ${fabric.device(name).http.port}`
  return `defaults: { protocol: http, credentials: sim }
credentials: { sim: { username: ${first?.username}, password: ${first?.password}, simulated: true } }
devices:
  leaf1: { ${at('leaf1')}, vars: { mine: 901, wanted: [901], common: [110] } }
  leaf3: { ${at('leaf3')}, vars: { mine: 903, wanted: ${wanted} } }
`
}

describe('checks and expectations that read of the switch that they are judged on', () => {
  test('are judged with its own values', { tags: ['long', 'turn'] }, async () => {
    const lab = openLab({ workflow: WORKFLOW })
    lab.write('inventory.yaml', inventoryOf(lab, '[903]'))
    await lab.ok('validate workflow.yaml')
    await lab.ok('plan workflow.yaml -o a.plan')
    const { content } = planAt(lab, 'a.plan')
    expect(content.checks.map(({ name, of }: { name: string; of?: object }) => [name, of])).toEqual([
      ['vlans-present', { leaf1: { vlans: [901], interfaces: [] }, leaf3: { vlans: [903], interfaces: [] } }],
      ['vlans-present', undefined],
      [
        'expected-change',
        {
          leaf1: { areas: ['vlan'], expected: { vlan: { added: ['901'] } }, beside: false },
          leaf3: { areas: ['vlan'], expected: { vlan: { added: ['903'] } }, beside: false },
        },
      ],
    ])
    await exits(0, lab.change())
  })

  test('fail where the switch is not as its own values say', { tags: ['long', 'turn'] }, async () => {
    const lab = openLab({ workflow: WORKFLOW })
    lab.write('inventory.yaml', inventoryOf(lab, '[901]'))
    const ended = await exits(6, lab.change())
    expect(ended.out).toContain(
      'leaf3: not good within 20 s: vlans-present: VLAN 901 - expected: active, actual: not there',
    )
  })

  test('are refused by validate where a switch has no such value, at the place in the workflow', async () => {
    const lab = openLab({ workflow: WORKFLOW })
    lab.write('inventory.yaml', inventoryOf(lab, '[903]').replace(', wanted: [903]', ''))
    const { out, err } = await lab.exits(3, 'validate workflow.yaml')
    expect(out + err).toMatch(/workflow\.yaml:11:\d+: there is no `wanted` here/)
  })

  test('what they read is pinned', async () => {
    const lab = openLab({ workflow: WORKFLOW })
    lab.write('inventory.yaml', inventoryOf(lab, '[903]'))
    await lab.eosflow('plan workflow.yaml -o a.plan')
    lab.write('inventory.yaml', inventoryOf(lab, '[903, 110]'))
    const { digest } = planAt(lab, 'a.plan')
    const { err } = await lab.exits(5, `run a.plan --approve ${digest}`)
    expect(err).toContain('leaf3: length(vars.wanted) (inventory.yaml:5) is no longer what the plan was made from')
  })

  const named = [
    ['over several lines', '{{\ndevice.vars.mine }}'],
    ['behind a mapping that is written out', "{{ {'a': 1}.get('b', device.vars.mine) }}"],
    ['in a statement', "{{ '' }}{% if true %}{% set own = device %}{{ own.vars.mine }}{% endif %}"],
  ] as const
  test.each(everyNthOfLong(3, 'ways to name a switch', named))(
    'are made for each where the switch is named %s',
    async (_what, template) => {
      const verify = `{ within: 20s, stableFor: 0s, every: 2s, checks: [{ vlans-present: { vlans: [${JSON.stringify(template)}] } }] }`
      const lab = openLab({
        workflow: workflowFor('leaf1 or leaf3', { lines: ['vlan {{ device.vars.mine }}'], verify }),
      })
      lab.write('inventory.yaml', inventoryOf(lab, '[903]'))
      await lab.ok('plan workflow.yaml -o a.plan')
      const { content } = planAt(lab, 'a.plan')
      expect(content.checks[0].of).toMatchObject({ leaf1: { vlans: [901] }, leaf3: { vlans: [903] } })
    },
  )
})

test('of several checks that fail each line names the switch, and only the first says what that means', {
  tags: ['long', 'turn'],
}, async () => {
  const lab = openLab({
    workflow: workflowFor('leaf1', {
      verify:
        '{ within: 4s, stableFor: 0s, every: 2s, checks: [{ vlans-present: { vlans: [996] } }, { vlans-present: { vlans: [997] } }] }',
    }),
  })
  const { out, err } = await exits(6, lab.change())
  expect(out + err).toMatch(/leaf1: not good within 4 s: vlans-present: .*\n.*leaf1: vlans-present: /)
})
