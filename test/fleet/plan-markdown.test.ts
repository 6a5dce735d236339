import { describe, expect, test } from 'vitest'
import { type Ended, exits, type Lab, openLab } from '../lab/lab.ts'
import { inventoryOf, standalone } from './fleet.ts'

const MOST = 60_000

/** A change whose lines are a VLAN for each second bit of the number of a switch that is set, so that no two of 256 have the same ones. */
const WORKFLOW = `name: many
targets: role:access
change: { mode: merge, template: lines.j2 }
rollout: { waves: ['50%'], concurrency: 50, atomic: wave }
steps:
  - snapshot
  - plan
  - approve
  - push: { confirmWithin: 1h }
  - verify: { within: 20s, stableFor: 4s, every: 4s, checks: [reachable] }
  - confirm
`
const TEMPLATE = `{% set number = device.name[6:] | int %}{% for n in range(48) %}{% if (number // (2 ** (n % 8))) % 2 == 1 %}vlan {{ 200 + n }}
   name OF-THE-HOSTS-OF-A-GROUP-{{ n }}
{% endif %}{% endfor %}vlan 300
`
const OTHERS = { user: 'ann', from: 'vty5' }

function labOf(count: number): Lab {
  const lab = openLab({ switches: { fabric: standalone(count) }, workflow: WORKFLOW, files: { 'lines.j2': TEMPLATE } })
  lab.write('inventory.yaml', inventoryOf(lab.fabric))
  return lab
}

async function shownIn({ eosflow }: Lab): Promise<{ readonly text: string; readonly digest: string }> {
  const ended = await exits(
    0,
    eosflow('plan', 'workflow.yaml', '--markdown', '--max-bytes', String(MOST), '-o', 'many.plan'),
  )
  const whole: Ended = await eosflow('show', 'many.plan', '--json')
  const [digest = ''] = /sha256:[0-9a-f]{64}/.exec(whole.out) ?? []
  return { text: ended.out, digest }
}

describe('a plan of many switches, as they show it, for a pull request', { timeout: 240_000 }, () => {
  const shown = async (count: number): Promise<void> => {
    const { text, digest } = await shownIn(labOf(count))
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MOST)
    expect(text).toContain(digest)
    expect(text).toMatch(new RegExp(`\\b${count} switch(?:es)? to change`))
    expect(text.includes('many.plan')).toBe(count === 200)
    if (count === 200) return
    for (let n = 1; n <= count; n += 1) expect(text).toMatch(new RegExp(`\\baccess${n}\\b`))
  }

  test('of one switch is whole', () => shown(1))

  test.each([16, 64])('of %i switches keeps its digest and how many they are', { tags: 'long' }, shown)

  test('of 200 switches keeps its digest and how many they are', { tags: ['long', 'turn'] }, () => shown(200))

  test('of 200 switches says an equal warning once, with how many it is of', { tags: ['long', 'turn'] }, async () => {
    const { text, digest } = await shownWith(() => ['bob'])
    expect(text).toContain(digest)
    expect(text.match(/config sessions of others are open: bob/g)).toHaveLength(1)
    expect(text).toMatch(/^- ⚠ access1, .*access200: config sessions of others are open: bob.* \(200 switches\)$/m)
  })

  test('of 200 switches whose warnings alone are longer says their kinds and numbers, and that it does', {
    tags: ['long', 'turn'],
  }, async () => {
    const { text, digest } = await shownWith((name) => ['a', 'b', 'c'].map((one) => `${name}-${one.repeat(110)}`))
    expect(text).toContain(digest)
    expect(text).toContain('200 warnings, too long to be shown here, by kind:')
    expect(text).toMatch(/foreign-session.*200|200.*foreign-session/)
    expect(text).toContain('what each warning is about')
  })
})

/** The plan of 200 switches on each of which somebody else has some config sessions open. */
async function shownWith(sessions: (device: string) => readonly string[]): ReturnType<typeof shownIn> {
  const lab = labOf(200)
  for (const { name, switch: one } of lab.fabric.devices)
    for (const session of sessions(name)) expect(one.sessions.open(session, OTHERS)).toBeDefined()
  const shown = await shownIn(lab)
  expect(Buffer.byteLength(shown.text)).toBeLessThanOrEqual(MOST)
  for (const { name, switch: one } of lab.fabric.devices)
    for (const session of sessions(name)) one.sessions.abort(session, OTHERS)
  return shown
}
