import { describe, expect, test } from 'vitest'
import { exits, json, openLab, warns, workflowFor } from '../../lab/lab.ts'

const CHANGE = 'version: 1\nworkflow: vlan\n'
/** The lab begins at 2026-01-05T08:00:00Z. */
const labWith = (window: string) =>
  openLab({ files: { 'workflows/vlan.yaml': workflowFor('leaf1'), 'changes/a.yaml': `${CHANGE}${window}` } })

const OVER = 'notAfter: 2026-01-05T07:00:00Z\n'
const SAYS = 'its window is over since 2026-01-05T07:00:00.000Z: it is 2026-01-05T08:00:00.000Z, and run refuses it'

describe('a change file whose window is over', () => {
  test('is warned of at its place by validate, and good all the same', async () => {
    expect((await json(exits(0, labWith(OVER).eosflow('validate changes/a.yaml --json')))).warnings).toEqual([
      {
        severity: 'warning',
        code: 'window-over',
        message: SAYS,
        at: { file: 'changes/a.yaml', line: 3, column: 11 },
        hint: 'write a later `notAfter`, and plan it then',
      },
    ])
  })

  test('is not warned of among all files of a project, which keeps what was made', async () => {
    const { out } = await exits(0, labWith(OVER).eosflow('validate'))
    expect(out).toBe(`✔ eosflow.yaml         settings
✔ inventory.yaml       inventory 6 switches
✔ workflows/vlan.yaml  workflow add-a-vlan: 1 switch, 2 checks, commit timer 5m
✔ changes/a.yaml       change add-a-vlan: 1 switch, over by 2026-01-05T07:00:00.000Z
Valid: 4 files, 0 problems
Next: eosflow plan workflows/vlan.yaml
`)
  })

  test.each([
    [
      'over',
      OVER,
      /^! changes\/a\.yaml changes no switch after 2026-01-05T07:00:00\.000Z: it is 2026-01-05T08:00:00\.000Z\. Run refuses it/m,
    ],
    [
      'too short',
      'notAfter: 2026-01-05T08:02:00Z\n',
      /^! changes\/a\.yaml .*, and the change takes up to .+\. Run refuses it/m,
    ],
  ])('is warned of by plan: %s', async (_what, window, line) => {
    const lab = labWith(window)
    await warns(0, lab.eosflow('plan changes/a.yaml'), line)
    const { code, err: refused } = await lab.eosflow('run changes/a.yaml --detach')
    expect([code, refused]).toEqual([expect.any(Number), expect.stringContaining('changes/a.yaml')])
  })

  test.each([
    ['is still open', 'notAfter: 2026-01-05T20:00:00Z\n', 'over by 2026-01-05T20:00:00.000Z'],
    ['has not begun', 'notBefore: 2026-01-06T08:00:00Z\n', 'not before 2026-01-06T08:00:00.000Z'],
  ])('of one that %s nothing is said', async (_what, window, when) => {
    const lab = labWith(window)
    expect((await lab.ok('validate changes/a.yaml')).out).toBe(
      `✔ changes/a.yaml  change add-a-vlan: 1 switch, ${when}\nValid: 1 file, 0 problems\nNext: eosflow plan changes/a.yaml\n`,
    )
    expect((await lab.ok('plan changes/a.yaml')).err).toMatch(
      /^08:00:00Z add-a-vlan · execution \S+ · 1 selected\n08:00:00Z plan [0-9a-f]{8}: 1 to change, 0 unchanged\n$/,
    )
  })
})
