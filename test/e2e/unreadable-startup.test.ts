import { describe, expect, test } from 'vitest'
import { renderConfig } from '../../src/eos/config/text/parse.ts'
import { exits, isSaved, type Lab, type LabOptions, openLab, whereIs, workflowFor } from '../lab/lab.ts'

const WORDS = 'Error opening flash:/startup-config (No such file or directory)'
const of = (lab: Lab, name = 'leaf1') => lab.device(name)

/** A switch that has no startup-config until somebody saves: it refuses to show it, and how it differs. */
function withoutStartup(workflow = workflowFor('leaf1'), until: 'saved' | 'never' = 'saved'): LabOptions {
  return {
    workflow,
    before: (lab, device, commands) => {
      lab.clearFaults()
      const isSavedNow = of(lab, device)
        .requests()
        .some((request) => request.commands.some((one) => one.startsWith('copy running-config')))
      const saves = commands.some((one) => one.startsWith('copy running-config'))
      if (until === 'saved' && (isSavedNow || saves)) return
      for (const command of ['^show running-config diffs$', '^show startup-config$']) {
        lab.fault({ device, kind: 'refuse-command', command, code: 1000, errors: [WORDS] })
      }
    },
  }
}

describe('[F14c] [R9] a switch that does not show its startup-config', () => {
  test('is planned with a warning, changed, saved, and then shows it', async () => {
    const lab = openLab(withoutStartup())
    const planned = await lab.ok('plan workflow.yaml')
    expect(planned.out).toMatch(
      /leaf1.*startup-config cannot be read, so that nobody knows whether running-config is saved/,
    )
    await exits(0, lab.change())
    expect(whereIs(of(lab))).toBe('AFTER')
    expect(isSaved(of(lab))).toBe(true)
  })

  test('and does not either when it was saved: refused, put back', async () => {
    const lab = openLab(withoutStartup(workflowFor('leaf1'), 'never'))
    const { out, err } = await exits(7, lab.change())
    expect(out + err).toContain('leaf1: startup-config cannot be read after the save')
    expect(out + err).toContain(
      'startup-config cannot be read: it may hold the change, which a reboot would bring back',
    )
    expect(whereIs(of(lab))).toBe('BEFORE')
    of(lab).switch.config.save(of(lab).switch.now)
  })

  test('is put back where its change is not good', async () => {
    const never = workflowFor('leaf1', {
      verify: '{ within: 1s, stableFor: 0s, every: 1s, checks: [{ vlans-present: { vlans: [997] } }] }',
    })
    const lab = openLab(withoutStartup(never))
    const { out, err } = await exits(6, lab.change())
    expect(out + err).toContain(
      'leaf1: put back: read back: running-config equals the one before; how startup-config differs cannot be read',
    )
  })

  test('is kept in a snapshot, examined with a warning, and found by recover', async () => {
    const lab = openLab(withoutStartup())
    await lab.ok('snapshot take now -t leaf1')
    expect((await lab.eosflow('snapshot show now')).out).toContain('startup-config: cannot be read')
    const doctor = await lab.eosflow('doctor -t leaf1')
    expect(doctor.out + doctor.err).toMatch(/! .*startup-config cannot be read/)
    expect(doctor.out + doctor.err).not.toContain('Give the user a role')
    await lab.ok('recover --scan -t leaf1')
  })
})

test('[F21c] [R8] an empty interface block appears behind the commit: no difference, the change is confirmed and saved', {
  tags: 'long',
}, async () => {
  for (const name of ['leaf1', 'leaf3']) {
    const lab = openLab({ targets: name })
    lab.fault({ device: name, kind: 'block-appears', on: 'armed', block: 'interface Ethernet48/2' })
    await exits(0, lab.change())
    expect(renderConfig(of(lab, name).switch.running)).toContain('interface Ethernet48/2')
    expect(whereIs(of(lab, name))).toBe('AFTER')
    expect(isSaved(of(lab, name))).toBe(true)
  }
})
