import { describe, expect, test } from 'vitest'
import type { DoctorSection } from '../../../src/report/doctor/examination.ts'
import { openLab, typeOn } from '../../lab/lab.ts'
import { cloudVisionLab, control, SERIAL } from './cloudvision-lab.ts'

const KEY = 'merlin-5521-ingest'

/** Gives leaf1 a TerminAttr with a key, and leaves a session of CloudVision open there. */
async function streamingWithKey(lab: ReturnType<typeof openLab>) {
  await typeOn(
    lab.device('leaf1'),
    'configure',
    'daemon TerminAttr',
    `exec /usr/bin/TerminAttr -cvaddr=192.0.2.7:9910 -cvauth=key,${KEY} -cvvrf=MGMT`,
    'no shutdown',
  )
  await typeOn(lab.device('leaf1'), 'configure session CVP-configtask-7')
}

describe('a switch that streams to CloudVision', () => {
  test('is seen by doctor with its open session, and its key is not', async () => {
    const lab = openLab()
    await streamingWithKey(lab)
    const { out } = await lab.eosflow('doctor -t leaf1 --json')
    const { sections } = JSON.parse(out) as { sections: DoctorSection[] }
    expect(sections.find(({ title }) => title === 'leaf1')?.points).toEqual(
      expect.arrayContaining([
        {
          health: 'good',
          says: 'it streams to CloudVision at 192.0.2.7:9910, which may show it out of compliance after a change',
        },
        {
          health: 'warning',
          says: 'a session of CloudVision is open: CVP-configtask-7',
          mend: 'Look there whether a change control runs on this switch, and let it end first.',
        },
      ]),
    )
    expect(lab.printed).not.toContain(KEY)
  })

  test('is in the text, the Markdown and the JSON of a plan, and at the end of its change', {
    tags: ['long', 'turn'],
  }, async () => {
    const lab = openLab({ targets: 'leaf1 or leaf2' })
    await streamingWithKey(lab)
    await typeOn(lab.device('leaf2'), 'configure', 'daemon TerminAttr', 'shutdown')
    const streams =
      '1 switch streams to CloudVision: leaf1; where it manages its configuration, it is out of compliance there after the change until it is reconciled'
    const { out } = await lab.eosflow('plan workflow.yaml -o change.plan --details')
    expect(out.replaceAll(/\n {2}/g, ' ')).toContain(streams)
    expect(out.replaceAll(/\n {2}/g, ' ')).toContain(
      'CloudVision has opened CVP-configtask-7: a change control may run there',
    )
    expect((await lab.eosflow('show change.plan --markdown')).out).toContain(streams)
    expect(JSON.parse((await lab.eosflow('show change.plan --json')).out)).toMatchObject({
      plan: { evidence: { cloudVision: ['leaf1'] } },
    })
    const ended = await lab.agreed('run change.plan')
    expect([ended.code, ended.out]).toEqual([
      0,
      expect.stringContaining('CloudVision will show leaf1 out of compliance until it is reconciled there'),
    ])
    expect(JSON.parse((await lab.eosflow('show @latest --json')).out)).toMatchObject({ toReconcile: ['leaf1'] })
    expect(lab.printed).not.toContain(KEY)
  })

  test('is not spoken of where none does', async () => {
    const lab = openLab()
    for (const name of ['leaf1']) await typeOn(lab.device(name), 'configure', 'no daemon TerminAttr')
    const { code } = await lab.change()
    expect([code, lab.printed]).toEqual([0, expect.not.stringContaining('CloudVision')])
  })
})

describe('doctor beside a CloudVision', () => {
  const sectionOf = async (lab: ReturnType<typeof openLab>) => {
    const { code, out } = await lab.eosflow('doctor -t', 'leaf1 or leaf3', '--json')
    const { sections } = JSON.parse(out) as { sections: DoctorSection[] }
    return { code, points: sections.find(({ title }) => title === 'CloudVision')?.points }
  }

  test('says what it knows, and what runs there', async () => {
    const { lab, cloudVision } = await cloudVisionLab({
      controls: [
        control('cc-1', 'RUNNING', [SERIAL.leaf1]),
        control('cc-2', 'SCHEDULED', [SERIAL.leaf1], { change: {}, schedule: { value: '2026-11-27T02:00:00Z' } }),
        control('cc-3', 'RUNNING', [SERIAL.leaf2]),
      ],
    })
    expect(await sectionOf(lab)).toEqual({
      code: 0,
      points: [
        { health: 'good', says: `${cloudVision.service.origin} answers and has 1 of 2 switches in its inventory` },
        {
          health: 'warning',
          says: 'the change control "Change cc-1" (cc-1) runs on leaf1',
          mend: 'A change of these switches is refused until it has ended.',
        },
        {
          health: 'warning',
          says: 'the change control cc-2 is to begin at 2026-11-27T02:00:00Z on leaf1',
          mend: 'Let a change of yours end before it begins.',
        },
      ],
    })
  })

  test.each([
    ['', 'No change is pushed before it answers: see `whenAway` in docs/beside-cloudvision.md.'],
    [', whenAway: warn', 'Changes are pushed without its word, as `whenAway: warn` says.'],
  ])('says why it cannot be asked (%s)', async (more, mend) => {
    const { lab, cloudVision } = await cloudVisionLab({ fault: () => '500' }, { more })
    expect(await sectionOf(lab)).toEqual({
      code: 10,
      points: [{ health: 'failed', says: `${cloudVision.service.origin}: it answers 500: internal`, mend }],
    })
  })
})
