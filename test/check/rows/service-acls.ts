import type { Row } from './row.ts'
import { errs, fails, passes, rowsOf } from './rows-of.ts'

interface Service {
  readonly check: string
  readonly command: string
  readonly key: 'ipAclList' | 'ipv6AclList'
  /** How messages name its access lists: `SSH IPv4 ACL(s)`. */
  readonly lists: string
  /** What a wrong number of them is called. */
  readonly miscounted: string
}

const list = (name: string, configuredVrfs: readonly string[], activeVrfs: readonly string[] = configuredVrfs) => ({
  name,
  configuredVrfs: [...configuredVrfs],
  activeVrfs: [...activeVrfs],
})

/** What a check of the access lists of a service must say. */
export function serviceAclRows({ check, command, key, lists, miscounted }: Service): readonly Row[] {
  const answer = (...aclList: readonly ReturnType<typeof list>[]) => ({ [key]: { aclList: [...aclList] } })
  return rowsOf(check, { command, inputs: { number: 2, vrf: 'MGMT' } }, [
    passes('two, in other VRFs too', [answer(list('OPERATORS', ['MGMT']), list('ROBOTS', ['default', 'MGMT']))]),
    passes('none, as expected', [answer()], { number: 0 }),
    fails('one of two', [answer(list('OPERATORS', ['MGMT']))], [`VRF: MGMT - ${miscounted} - Expected: 2 Actual: 1`]),
    fails(
      'one of another VRF, one not active',
      [answer(list('OPERATORS', ['default']), list('ROBOTS', ['MGMT'], []))],
      [`VRF: MGMT - Following ${lists} not configured or active: OPERATORS, ROBOTS`],
    ),
    fails(
      'active where it is not configured',
      [answer(list('OPERATORS', [], ['default']))],
      [`VRF: default - Following ${lists} not configured or active: OPERATORS`],
      { number: 1 },
    ),
    errs(
      'lists whose VRFs are not told',
      [{ [key]: { aclList: [{ name: 'OPERATORS' }] } }],
      `\`${command}\` does not tell 0.configuredVrfs`,
      { number: 1 },
    ),
    errs('empty', [{}], `\`${command}\` answered in an unknown shape at ${key}`),
  ])
}
