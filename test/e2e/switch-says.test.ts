import { describe, expect, test } from 'vitest'
import { exits, type Lab, openLab, whereIs, workflowFor } from '../lab/lab.ts'

/** What EOS 4.26 says at a change of the TCAM profile (ansible-collections/arista.eos issue 368). */
const TCAM =
  'WARNING! Changing TCAM profile will cause forwarding agent(s) to exit and restart. All traffic will be dropped.'

const warn = (lab: Lab, message: string) =>
  lab.fault({ device: 'leaf1', kind: 'line-warning', command: '^name TESTED', message })

interface PlanFile {
  readonly digest: string
  readonly content: {
    readonly devices: readonly { readonly said?: unknown }[]
    readonly warnings: readonly { readonly code: string; readonly message: string }[]
  }
}

async function planned(lab: Lab) {
  const { out } = await lab.eosflow('plan workflow.yaml --json')
  return (JSON.parse(out) as { plan: PlanFile }).plan
}

describe('what a switch says while it loads a change', () => {
  test('without a word the plan holds nothing of it', async () => {
    const plan = await planned(openLab())
    expect(plan.content.devices).toMatchObject([{ name: 'leaf1', lines: ['vlan 998', '   name TESTED'] }])
    expect(plan.content.devices[0]).not.toHaveProperty('said')
  })

  test('a word is shown, in the digest, and no risk', { tags: ['long', 'turn'] }, async () => {
    const lab = openLab()
    const quiet = await planned(lab)
    warn(lab, '! name is already used by vlan 10')
    const plan = await planned(lab)
    expect(plan.digest).not.toBe(quiet.digest)
    expect(plan.content.devices[0]?.said).toEqual([
      { at: 2, line: 'name TESTED', says: '! name is already used by vlan 10' },
    ])
    expect(plan.content.warnings).toContainEqual({
      code: 'switch-says',
      device: 'leaf1',
      message: 'the switch says at `name TESTED`: ! name is already used by vlan 10',
    })
    await exits(0, lab.change())
  })

  test('[R6] a risk is named in text, JSON and Markdown, and approved with the plan', async () => {
    const lab = openLab()
    warn(lab, TCAM)
    const plan = await planned(lab)
    expect(plan.content.devices[0]?.said).toEqual([
      { at: 2, line: 'name TESTED', says: TCAM, risks: ['forwarding-agent', 'traffic'] },
    ])
    const words =
      'RISK (forwarding-agent: an agent exits or restarts, traffic: traffic): the switch says at `name TESTED`: WARNING! Changing TCAM profile'
    expect(plan.content.warnings.find(({ code }) => code === 'announced-risk')?.message).toContain(words)
    const text = await lab.eosflow('plan workflow.yaml')
    expect(text.out).toContain(`! leaf1: ${words}`)
    const markdown = await lab.eosflow('plan workflow.yaml --markdown')
    expect(markdown.out.replaceAll('\\', '')).toContain('RISK (forwarding-agent: an agent exits or restarts')
    await exits(0, lab.change())
    expect(lab.whereIs('leaf1')).toBe('AFTER')
  })

  test.each([
    ['a new one', undefined],
    ['another one than the approved', '! the switch must be reloaded'],
  ])('[G96] [F34] a risk that shows only at the push, %s: exit 5, nothing committed', async (_, before) => {
    const lab = openLab()
    if (before !== undefined) warn(lab, before)
    const waiting = await lab.eosflow('run workflow.yaml --detach')
    const id = /Execution (\S+):/.exec(waiting.out)?.[1] ?? ''
    await lab.ok(`approve ${id}`)
    lab.clearFaults()
    warn(lab, TCAM)
    const { out } = await lab.exits(5, `resume ${id}`)
    expect(out).toContain(
      'leaf1: the switch announces a risk that the plan does not hold (forwarding-agent: an agent exits or restarts)',
    )
    const leaf1 = lab.device('leaf1')
    expect(leaf1.counters().commits.timed).toBe(0)
    expect(whereIs(leaf1)).toBe('BEFORE')
  })

  test('a risk that shows at the push of a change planned without the switch: no plan can show it, and what helps is said', {
    tags: ['long', 'turn'],
  }, async () => {
    const lab = openLab({
      workflow: workflowFor('leaf1', { lines: ['watchdog interval 30', 'vlan 998', '   name TESTED'] }).replace(
        'change:',
        'allow: [unknown-lines]\nchange:',
      ),
    })
    lab.fault({ device: 'leaf1', kind: 'line-warning', command: '^name TESTED', message: TCAM })
    const { out, err } = await exits(5, lab.change())
    expect(out + err).toContain('leaf1: the switch announces a risk that the plan does not hold')
    expect(out + err).toContain('No plan shows what this switch says: it was planned without asking it')
    expect(out + err).not.toContain('Plan again and have the new plan approved: it shows')
    expect(lab.commits('leaf1').timed).toBe(0)
    expect(lab.whereIs('leaf1')).toBe('BEFORE')
  })

  test('a secret that the switch repeats is not shown', async () => {
    const lab = openLab()
    warn(lab, '! username x secret 0 Tiger is weak')
    const { out, err } = await lab.eosflow('plan workflow.yaml')
    expect(out + err).toContain('the switch says at')
    expect(out + err).not.toContain('Tiger')
  })
})
