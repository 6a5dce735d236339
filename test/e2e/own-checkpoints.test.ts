import { describe, expect, test } from 'vitest'
import { type Ended, exits, type Lab, openLab, workflowFor } from '../lab/lab.ts'

const NEVER_GOOD = '{ within: 1s, stableFor: 0s, every: 1s, checks: [{ vlans-present: { vlans: [997] } }] }'

const changeOf = (vlan: number, more: Parameters<typeof workflowFor>[1] = {}) =>
  workflowFor('leaf1', { lines: [`vlan ${vlan}`], ...more }).replace('[998]', `[${vlan}]`)

const checkpoints = ({ fabric }: Lab) =>
  fabric
    .device('leaf1')
    .switch.config.checkpoints.all()
    .map(({ name }) => name)

/** The checkpoint of an execution, by what its last line says. */
const savedBy = ({ out }: Ended) => `eosflow-${/Execution \S+-([0-9a-f]{8}):/.exec(out)?.[1] ?? ''}`

async function changed(lab: Lab, vlan: number, more?: Parameters<typeof workflowFor>[1]) {
  lab.write('workflow.yaml', changeOf(vlan, more))
  return savedBy(await lab.change())
}

describe('checkpoints of ours', () => {
  test('[F37] [R12] the next change deletes those that nobody needs, and leaves the newest and what is not ours', {
    tags: 'long',
  }, async () => {
    const lab = openLab()
    const { config } = lab.device('leaf1').switch
    config.checkpoint('eosflow-00000000', 'somebody', 0)
    config.checkpoint('before-the-night', 'somebody', 0)
    const [first, second] = [await changed(lab, 901), await changed(lab, 902)]
    expect(checkpoints(lab)).toEqual(['eosflow-00000000', 'before-the-night', first, second])
    const third = await changed(lab, 903, { verify: NEVER_GOOD })
    expect(checkpoints(lab)).toEqual(['eosflow-00000000', 'before-the-night', second, third])
    lab.write('workflow.yaml', changeOf(904))
    const shown = await lab.eosflow('plan workflow.yaml --details')
    expect(shown.out).toContain(`Deletes old checkpoints of ours, as they are now: leaf1: ${second}`)
    const fourth = savedBy(await lab.change())
    expect(checkpoints(lab)).toEqual(['eosflow-00000000', 'before-the-night', third, fourth])
  })

  test('[F37] none of an execution whose end is unknown', { tags: 'long' }, async () => {
    let isBroken = false
    const lab = openLab({
      before: ({ fabric }, _, commands) => {
        if (!isBroken || !commands.some((command) => command.includes('commit timer'))) return
        fabric.fault({ device: 'leaf1', kind: 'replay-fails', command: '^service routing' })
      },
    })
    const first = await changed(lab, 901)
    isBroken = true
    lab.write('workflow.yaml', changeOf(902, { verify: NEVER_GOOD }))
    const lost = await exits(7, lab.change())
    lab.clearFaults()
    isBroken = false
    const second = savedBy(lost)
    const [third, fourth] = [await changed(lab, 903), await changed(lab, 904)]
    expect(checkpoints(lab)).toEqual([second, third, fourth])
    expect(first).toMatch(/^eosflow-[0-9a-f]{8}$/)
  })

  test.each([
    ['the settings', 'version: 1\ncheckpoints: keep\n', {}],
    ['the workflow', 'version: 1\n', { extra: 'checkpoints: keep' }],
  ])('`checkpoints: keep` of %s leaves them all', { tags: ['long', 'turn'] }, async (_, settings, more) => {
    const lab = openLab({ files: { 'eosflow.yaml': settings } })
    const all = [await changed(lab, 901, more), await changed(lab, 902, more), await changed(lab, 903, more)]
    expect(checkpoints(lab)).toEqual(all)
  })

  test('a switch that refuses to delete them is changed all the same', { tags: ['long', 'turn'] }, async () => {
    const lab = openLab()
    const all = [await changed(lab, 901), await changed(lab, 902)]
    lab.fault({ device: 'leaf1', kind: 'refuse-command', command: '^delete ', code: 1000, errors: ['no'] })
    lab.write('workflow.yaml', changeOf(903))
    const third = await exits(0, lab.change())
    expect(checkpoints(lab)).toEqual([...all, savedBy(third)])
  })

  test.for(['unreachable', 'lost-answer'] as const)(
    '[B8] a deletion whose request does not arrive, or whose answer is lost, loses no change: %s',
    { tags: 'long' },
    async (kind) => {
      let isBroken = false
      let deleted = false
      const behind: string[] = []
      const lab = openLab({
        before: ({ fabric }, _, commands) => {
          fabric.clearFaults()
          if (deleted) behind.push(commands.join('; '))
          if (!isBroken || !commands.some((command) => command.startsWith('delete checkpoint:'))) return
          isBroken = false
          deleted = true
          fabric.fault({ device: 'leaf1', kind, ...(kind === 'lost-answer' ? { command: '^delete ' } : {}) })
        },
      })
      for (const vlan of [901, 902]) await changed(lab, vlan)
      isBroken = true
      lab.write('workflow.yaml', changeOf(903))
      const third = await lab.change()
      expect([third.code, isBroken], third.out + third.err).toEqual([0, false])
      const asked = behind.findIndex((commands) => commands.includes('show configuration sessions detail'))
      const armed = behind.findIndex((commands) => commands.includes('commit timer'))
      expect([asked, armed > asked]).toEqual([0, true])
    },
  )

  test('[F37] a checkpoint that was saved and is not listed: nothing is committed', async () => {
    const lab = openLab({
      before: ({ fabric }, name, commands) => {
        if (commands.some((command) => command.startsWith('configure checkpoint save'))) {
          const { checkpoints: kept } = fabric.device(name).switch.config
          const save = kept.save.bind(kept)
          kept.save = (one) => {
            save(one)
            kept.delete(one.name)
          }
        }
      },
    })
    const { out, err } = await exits(10, lab.change())
    expect(out + err).toMatch(/leaf1: checkpoint eosflow-[0-9a-f]{8} was saved, and the switch does not list it/)
    expect(lab.commits('leaf1').timed).toBe(0)
  })
})
