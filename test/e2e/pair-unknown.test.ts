import { expect, test } from 'vitest'
import { isSaved, openLab, typeOn, whereIs, workflowFor } from '../lab/lab.ts'

const WORKFLOW = workflowFor('leaf1 or leaf2').replace(
  'rollout: { waves: [1], keepApart: mlag }',
  'rollout: { pairs: together }',
)

test.each([
  [true, 'AFTER'],
  [false, 'BEFORE'],
] as const)(
  'of two that are changed together one loses the answer to its confirm (carried out: %s) and is never reached again: it is unknown, by name, exit 7',
  { tags: 'long' },
  async (applied, place) => {
    let isGone = false
    const lab = openLab({
      workflow: WORKFLOW,
      before: ({ fabric }, device, commands) => {
        if (device !== 'leaf2') return
        if (isGone) fabric.fault({ device, kind: 'unreachable', for: 1_000_000 })
        if (!commands.some((command) => /^configure session \S+ commit$/.test(command))) return
        isGone = true
        fabric.fault({ device, kind: 'lost-answer', request: 1, applied })
      },
    })
    const { code, out, err } = await lab.change()
    const text = out + err
    expect(isGone).toBe(true)
    expect(code, text).toBe(7)
    expect(out, text).toMatch(/^leaf2\s.*UNKNOWN/m)
    expect(out, text).not.toMatch(/^leaf1\s.*UNKNOWN/m)
    // The other one does not keep a change that half of the pair may lack.
    const leaf1 = lab.device('leaf1')
    expect([whereIs(leaf1), isSaved(leaf1)], text).toEqual(['BEFORE', true])
    expect(out, text).toMatch(/^leaf1\s.*BEFORE/m)
    // The confirmed one keeps it; the other one has put itself back when its timer was over.
    expect(lab.whereIs('leaf2'), text).toBe(place)
    const events: readonly { type: string; outcome?: string; devices?: Readonly<Record<string, string>> }[] =
      JSON.parse((await lab.eosflow('history @latest --json')).out)
    expect(events.filter(({ type }) => type === 'ExecutionEnded')).toMatchObject([
      { outcome: 'unknown', devices: { leaf1: 'reverted', leaf2: 'unknown' } },
    ])
    expect(JSON.stringify(events)).not.toContain('"succeeded"')
    // What its person does in the end, so that nothing is left half done.
    lab.clearFaults()
    await typeOn(lab.device('leaf2'), 'copy running-config startup-config')
  },
)
