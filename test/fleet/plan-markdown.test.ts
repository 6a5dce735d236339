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

function labOf(count: number) {
  const lab = openLab({ switches: { fabric: standalone(count) }, workflow: WORKFLOW, files: { 'lines.j2': TEMPLATE } })
  lab.write('inventory.yaml', inventoryOf(lab.fabric))
  return lab
}

async function shownIn({ eosflow }: Lab) {
  const ended = await exits(
    0,
    eosflow('plan', 'workflow.yaml', '--markdown', '--max-bytes', String(MOST), '-o', 'many.plan'),
  )
  const whole: Ended = await eosflow('show many.plan --json')
  const [digest = ''] = /sha256:[0-9a-f]{64}/.exec(whole.out) ?? []
  return { text: ended.out, digest }
}

describe('a plan of many switches, as they show it, for a pull request', { timeout: 240_000 }, () => {
  const shown = async (count: number) => {
    const { text, digest } = await shownIn(labOf(count))
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MOST)
    expect(text).toContain(digest)
    expect(text).toMatch(new RegExp(`\\b${count} switch(?:es)? to change`))
    for (let n = 1; n <= count; n += 1) expect(text).toMatch(new RegExp(`\\baccess${n}\\b`))
  }

  test.each([16, 64])('of %i switches keeps its digest and how many they are', { tags: ['long', 'turn'] }, shown)
})
