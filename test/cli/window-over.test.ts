import { describe, expect, test } from 'vitest'
import { exits, type Lab, openLab, workflowFor } from '../lab/lab.ts'

const CHANGE = 'version: 1\nworkflow: vlan\n'
/** The lab begins at 2026-01-05T08:00:00Z. */
const labWith = (window: string): Lab =>
  openLab({ files: { 'workflows/vlan.yaml': workflowFor('leaf1'), 'changes/a.yaml': `${CHANGE}${window}` } })

const OVER = 'notAfter: 2026-01-05T07:00:00Z\n'
const SAYS = 'its window is over since 2026-01-05T07:00:00.000Z: it is 2026-01-05T08:00:00.000Z, and run refuses it'

describe('a change file whose window is over', () => {
  test('is warned of at its place by validate, and good all the same', async () => {
    const { out } = await exits(0, labWith(OVER).eosflow('validate', 'changes/a.yaml', '--json'))
    expect(JSON.parse(out).warnings).toEqual([
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
    expect(out).not.toContain('window')
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
    const { err } = await exits(0, lab.eosflow('plan', 'changes/a.yaml'))
    expect(err).toMatch(line)
    const { code, err: refused } = await lab.eosflow('run', 'changes/a.yaml', '--detach')
    expect([code, refused]).toEqual([expect.any(Number), expect.stringContaining('changes/a.yaml')])
  })

  test.each([
    ['is still open', 'notAfter: 2026-01-05T20:00:00Z\n'],
    ['has not begun', 'notBefore: 2026-01-06T08:00:00Z\n'],
  ])('of one that %s nothing is said', async (_what, window) => {
    const lab = labWith(window)
    expect((await exits(0, lab.eosflow('validate', 'changes/a.yaml'))).out).not.toContain('warning')
    expect((await exits(0, lab.eosflow('plan', 'changes/a.yaml'))).err).not.toContain('Run refuses it')
  })
})
