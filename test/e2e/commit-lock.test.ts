import { describe, expect, test } from 'vitest'
import { exits, type Lab, openLab } from '../lab/lab.ts'

const WINDOW =
  '! not locked at the commit: leaf1. A line that somebody typed between our reading of running-config and the commit would be overwritten unseen.\n  `configure lock` closes it where it is proven: eosflow doctor --prove lock\n'
const COLUMN =
  'device  result       verify   lock  end state\nleaf1   ✔ confirmed  2/2      no    AFTER: confirmed, saved, read back\n'

const armed = ({ fabric }: Lab) =>
  fabric
    .device('leaf1')
    .requests()
    .map(({ commands }) => commands.map((command) => command.replace(/eosflow-\S+/, 'ID')).join(' | '))
    .find((request) => request.includes('commit timer')) ?? ''

describe('[G6] [P3] the timed commit', () => {
  test.each([
    ['nothing', ''],
    ['another version', "proven: { '4.32.2F': { lock: true } }"],
    ['a refuted lock', "proven: { '4.31.4M': { lock: false } }"],
  ])(
    '[F21b] [U26] is sent without the lock where %s is proven, and the report names the moment',
    { tags: 'long' },
    async (_, setting) => {
      const lab = openLab()
      lab.write('eosflow.yaml', `version: 1\n${setting}\n`)
      const { out } = await exits(0, lab.change())
      expect(armed(lab)).toBe('enable | show running-config | configure session ID commit timer 00:05:00')
      expect(out).toContain(COLUMN)
      expect(out).not.toContain('not locked')
      expect((await lab.eosflow('show @latest -v')).out).toContain(WINDOW)
      const json = await lab.eosflow('show @latest --json')
      expect(JSON.parse(json.out)).toMatchObject({ notLocked: ['leaf1'] })
    },
  )

  test.each([
    ['where it is proven for this version', "proven: { '4.31.4M': { lock: true } }"],
    ['with `configureLock` on every version', 'configureLock: true'],
  ])('[F21b] is sent under the lock %s, and there is nothing to name', { tags: 'long' }, async (_, setting) => {
    const lab = openLab()
    lab.write('eosflow.yaml', `version: 1\n${setting}\n`)
    const { out } = await exits(0, lab.change())
    expect(armed(lab)).toBe(
      'enable | configure lock | show running-config | configure session ID commit timer 00:05:00 | configure unlock',
    )
    expect(out).toContain('device  result       verify   end state\n')
    const history = await lab.eosflow('history @latest')
    expect(history.out).toContain('under configure lock')
  })
})
