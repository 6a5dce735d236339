import { describe, expect, test } from 'vitest'
import { records } from '../../../features/judge/judged-lab.ts'
import { aroundLab, BAD } from './around-lab.ts'
import { settingsOf } from './fake-services.ts'

describe('around a change that is good', () => {
  test('a ticket is asked, a silence and an annotation begin before the first push, and all hear how it ended', {
    tags: ['long', 'turn'],
  }, async () => {
    const { lab, services } = await aroundLab()
    const { code, out, err } = await lab.change()
    expect([code, out + err]).toEqual([0, expect.stringContaining('succeeded')])
    const { silences, annotations, change, issue, journal } = services.state
    const events = await records(lab)
    const id = events[0]?.execution ?? ''
    expect(silences).toMatchObject([
      {
        state: 'expired',
        comment: `change by eosflow execution ${id} [eosflow ${id}/1]`,
        matchers: [
          { name: 'instance', value: '(?:leaf1|leaf2):9116', isRegex: true, isEqual: true },
          { name: 'severity', value: 'warning', isRegex: false, isEqual: true },
        ],
      },
    ])
    const text = (entry: number) =>
      `told on leaf1 and leaf2: succeeded. eosflow execution ${id} [eosflow ${id}/${entry}]`
    expect(annotations).toMatchObject([{ tags: ['eosflow', `eosflow:${id}/2`, 'CHG0030001'], text: text(2) }])
    expect(annotations[0]?.timeEnd).toBeGreaterThan(0)
    expect(change).toEqual({ state: '0', approval: 'approved', work_notes: `${text(3)}\n`, close_code: 'successful' })
    expect(issue).toEqual({ status: 'Done', comments: [expect.stringContaining(text(4))] })
    expect(journal.map(({ assigned_object_id: device, kind, comments }) => [device, kind, comments])).toEqual([
      [11, 'success', text(5)],
      [12, 'success', text(5)],
    ])
    const types = events.map((one) => (one.type === 'AroundTurned' ? `${one.type} ${one.phase}` : one.type))
    const staged = events.findIndex((one) => one.type === 'ActIntended' && one.act === 'arm')
    expect(types.indexOf('AroundTurned begins')).toBeLessThan(staged)
    expect(types.lastIndexOf('AroundActed')).toBe(types.length - 2)
    expect(types.filter((type) => type === 'AroundTurned begins')).toHaveLength(1)
    for (const [service, authorization] of [
      ['alerts', undefined],
      ['graphs', 'Bearer wren-2210-secret'],
      ['changes', 'Bearer siskin-3381-secret'],
      ['issues', 'Basic bWVAZXhhbXBsZS5jb206cGxvdmVyLTQ3NzE='],
      ['netbox', 'Token 0123456789abcdef0123456789abcdef01234567'],
    ] as const)
      expect(services.requests(service).map(({ headers }) => headers.authorization)).toEqual(
        services.requests(service).map(() => authorization),
      )
    expect(Object.values(services.by).flatMap(({ unpublished }) => unpublished)).toEqual([])
    expect(lab.printed + JSON.stringify(events)).not.toMatch(/wren|siskin|bWVA|0123456789abcdef/)
  })

  test('the plan says what will be asked and done', async () => {
    const { lab } = await aroundLab()
    const { out } = await lab.eosflow('plan workflow.yaml --details')
    expect(out).toContain(
      'Silenced in alerts from before the first push to the end, and for 30m at most: instance=~"(?:leaf1|leaf2):9116", severity="warning"',
    )
    expect(out).toContain(
      'Before the first push CHG0030001 in changes must have state -1 and approval approved; it hears how the change ended, and is set to state 0, close_code successful where it has succeeded',
    )
    expect(out).toContain('The journal of each switch in netbox hears how the change ended')
  })

  test('what is asked and done is in the digest', async () => {
    const { lab, services } = await aroundLab()
    const digest = async () => JSON.parse((await lab.eosflow('plan workflow.yaml --json')).out).digest
    const before = await digest()
    expect(before).toMatch(/^sha256:[0-9a-f]{64}$/)
    expect(await digest()).toBe(before)
    lab.write('eosflow.yaml', settingsOf(services).replace("state: '0'", "state: '3'"))
    expect(before).not.toBe(await digest())
  })
})

describe('around a change that is put back', () => {
  test('all hear so, and no ticket is closed', { tags: ['long', 'turn'] }, async () => {
    const { lab, services } = await aroundLab({ lines: BAD })
    const { code } = await lab.change()
    const { silences, annotations, change, issue, journal } = services.state
    expect(code).toBe(6)
    expect(silences.map(({ state }) => state)).toEqual(['expired'])
    expect(annotations[0]?.text).toContain('rolled back')
    expect(change).toMatchObject({ state: '-1', work_notes: expect.stringContaining('rolled back') })
    expect(issue).toEqual({ status: 'Approved', comments: [expect.stringContaining('rolled back')] })
    expect(journal.map(({ kind }) => kind)).toEqual(['warning', 'warning'])
  })
})

describe('a ticket that does not allow the change', () => {
  test.each([
    [
      'changes',
      () => ({ state: '-5' }),
      'ticket CHG0030001 in changes does not allow the change: its state is "-5", and must be "-1"',
    ],
    [
      'issues',
      () => ({}),
      'ticket NET-140 in issues does not allow the change: its status is "Open", and must be "Approved"',
    ],
  ])('[G123] of %s: nothing is sent to a switch, and nothing is begun', async (service, change, said) => {
    const { lab, services } = await aroundLab()
    Object.assign(services.state.change, change())
    if (service === 'issues') Object.assign(services.state.issue, { status: 'Open' })
    await lab.ok('plan workflow.yaml -o change.plan')
    await lab.ok('approve change.plan')
    const sent = lab.device('leaf1').requests().length
    const { code, out, err } = await lab.eosflow('run change.plan')
    expect([code, out + err]).toEqual([10, expect.stringContaining(said)])
    const commands = lab.device('leaf1').requests().slice(sent).flat()
    expect(JSON.stringify(commands)).not.toContain('configure session')
    expect(services.state.silences).toEqual([])
    expect(services.seen.filter((one) => !one.startsWith('GET'))).toEqual([])
  })
})
