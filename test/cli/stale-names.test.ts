import { describe, expect, test } from 'vitest'
import { renderConfig } from '../../src/config/render.ts'
import { driftResultSchema } from '../../src/report/drift/result-schema.ts'
import { fileText } from '../lab/files.ts'
import { exits, type Lab, openLab, prints, typeOn, warns, workflowFor } from '../lab/lab.ts'

const VERIFY = '{ within: 20s, stableFor: 0s, every: 2s, checks: [reachable] }'
const OTHER = workflowFor('leaf1', { lines: ['vlan 997', '   name OTHER'], verify: VERIFY })
const TEMPLATED = workflowFor('leaf1', { verify: VERIFY }).replace(
  /^change: .*$/m,
  'change: { mode: merge, template: templates/vlan.j2 }',
)

/** A lab with an approved plan of the change. */
async function approved(workflow?: string) {
  const files = { 'other.yaml': OTHER, 'templates/vlan.j2': 'vlan 998\n   name TESTED\n' }
  const lab = openLab({ files, ...(workflow === undefined ? {} : { workflow }) })
  await lab.ok('plan workflow.yaml -o c.plan')
  await lab.ok('approve c.plan')
  return lab
}

const read = (lab: Lab, file: string) => fileText(lab.dir, file)

describe('a plan that is no longer true', () => {
  test.each([
    ['the workflow', ['workflow.yaml'], 'workflow.yaml has changed since the plan was made'],
    ['a template', ['templates/vlan.j2'], 'templates/vlan.j2 has changed since the plan was made'],
    [
      'both',
      ['workflow.yaml', 'templates/vlan.j2'],
      'workflow.yaml, templates/vlan.j2 have changed since the plan was made',
    ],
  ])('says that %s has changed', async (_what, files, message) => {
    const lab = await approved(TEMPLATED)
    for (const file of files) lab.write(file, `${read(lab, file)}${file.endsWith('.j2') ? '!' : '# noted'}\n`)
    const { err } = await exits(5, lab.eosflow('run c.plan'))
    expect(err).toBe(`✖ stale: ${message}\n    Plan again and have the new plan approved.\n`)
  })

  test('names the switches of which the address is another', async () => {
    const lab = await approved()
    lab.write('inventory.yaml', read(lab, 'inventory.yaml').replace(/("leaf1":\{[^}]*"port":)\d+/, '$118999'))
    await warns(
      5,
      lab.eosflow('run c.plan'),
      '✖ stale: the address of leaf1 in the inventory has changed since the plan was made\n',
    )
  })

  test('names the execution that has changed the switch since, and what it was', async () => {
    const lab = await approved()
    const { out } = await exits(0, lab.agreed('run other.yaml'))
    const id = /Execution (\S+):/.exec(out)?.[1] ?? ''
    const refused = await prints(
      5,
      lab.eosflow('run c.plan'),
      new RegExp(
        `leaf1: running-config has changed since the plan was made:\n +by execution ${id} \\(add-a-vlan\\), confirmed 2026-01-05T08:\\d\\dZ\n +\\+vlan 997\n`,
      ),
      new RegExp(`○ leaf1: never committed; running-config was changed by execution ${id} `),
    )
    expect(refused.out).not.toContain('somebody')
  })

  test('says that somebody has changed it besides', { tags: 'long' }, async () => {
    const lab = await approved()
    await exits(0, lab.agreed('run other.yaml'))
    await typeOn(lab.fabric.device('leaf1'), 'configure', 'vlan 996', 'end')
    await prints(
      5,
      lab.eosflow('run c.plan'),
      /by execution \S+ \(add-a-vlan\), confirmed \S+Z, and by somebody since\n/,
    )
  })

  test('names no execution where none has changed it since', { tags: ['long', 'turn'] }, async () => {
    const lab = openLab({ files: { 'other.yaml': OTHER } })
    await exits(0, lab.agreed('run other.yaml'))
    await lab.clock.advance(60_000)
    await lab.ok('plan workflow.yaml -o c.plan')
    await lab.ok('approve c.plan')
    await typeOn(lab.fabric.device('leaf1'), 'configure', 'vlan 996', 'end')
    const { out } = await prints(
      5,
      lab.eosflow('run c.plan'),
      /running-config has changed since the plan was made:\n +\+vlan 996\n/,
    )
    expect(out).not.toContain('by execution')
  })
})

describe('a difference that drift finds', () => {
  test('names the execution that changes the switch now', async () => {
    let seen: unknown
    const lab: Lab = openLab({
      files: { 'other.yaml': OTHER },
      before: async (self, device, commands) => {
        if (seen !== undefined || device !== 'leaf1' || !commands.includes('show vlan')) return
        if (!renderConfig(self.fabric.device('leaf1').switch.running).includes('vlan 997')) return
        seen = 'being asked'
        seen = (await self.eosflow('drift -t leaf1 --json')).out
      },
    })
    await exits(0, lab.change())
    lab.write('other.yaml', OTHER.replace('checks: [reachable]', 'checks: [{ vlans-present: { vlans: [997] } }]'))
    const { out } = await exits(0, lab.agreed('run other.yaml'))
    const id = /Execution (\S+):/.exec(out)?.[1]
    const [found] = driftResultSchema.parse(JSON.parse(String(seen))).devices
    expect(found).toMatchObject({ state: 'differs', by: { execution: id, standing: 'changing' } })
  })

  test('names the execution that has left the switch nobody knows how', { tags: ['long', 'turn'] }, async () => {
    const lab: Lab = openLab({
      files: { 'other.yaml': OTHER },
      before: (self, device, commands) => {
        const { running } = self.fabric.device(device).switch
        if (commands.includes('show vlan') && renderConfig(running).includes('vlan 997'))
          self.fabric.fault({ device, kind: 'unreachable' })
      },
    })
    await exits(0, lab.change())
    lab.write('other.yaml', OTHER.replace('checks: [reachable]', 'checks: [{ vlans-present: { vlans: [997] } }]'))
    const { out } = await exits(7, lab.agreed('run other.yaml'))
    lab.fabric.clearFaults()
    await typeOn(lab.fabric.device('leaf1'), 'configure', 'vlan 990', 'end')
    const id = /Execution (\S+):/.exec(out)?.[1]
    await prints(
      0,
      lab.eosflow('drift -t leaf1'),
      `where execution ${id} has left this switch is not known: the difference may be its\n`,
    )
  })
})
