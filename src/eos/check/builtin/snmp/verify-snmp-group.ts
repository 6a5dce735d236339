import { z } from 'zod'
import { once } from '../../../../model/once.ts'
import { passUnless } from '../../../../model/verdict.ts'
import { byName } from '../../answer/by-name.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { mismatch } from '../../finding/mismatch.ts'
import { word } from '../../input/words.ts'
import { snmpVersion } from './snmp-host.ts'

/** How EOS names the security models of v3. */
const SECURITY_MODELS = { noauth: 'v3NoAuth', auth: 'v3Auth', priv: 'v3Priv' } as const

const expectedGroup = once(() =>
  z
    .strictObject({
      group_name: word().describe('The group.'),
      version: snmpVersion().describe('The version of SNMP.'),
      read_view: z.string().nullish().describe('The view that it may read.'),
      write_view: z.string().nullish().describe('The view that it may write.'),
      notify_view: z.string().nullish().describe('The view that it is notified of.'),
      authentication: z.enum(['auth', 'priv', 'noauth']).nullish().describe('The security of v3.'),
    })
    .refine(({ version, authentication }) => version !== 'v3' || authentication, {
      error: 'v3 needs the kind of authentication',
      path: ['authentication'],
    }),
)

const shownGroup = once(() =>
  z.looseObject({
    secModel: z.string().optional(),
    readView: z.string().optional(),
    readViewConfig: z.boolean().optional(),
    writeView: z.string().optional(),
    writeViewConfig: z.boolean().optional(),
    notifyView: z.string().optional(),
    notifyViewConfig: z.boolean().optional(),
  }),
)

const snmpGroups = once(() =>
  z.object({
    groups: byName(z.object({ versions: byName(shownGroup()).optional() })).optional(),
  }),
)

/** SNMP groups have the expected security and views, and the views are configured. */
export const verifySnmpGroup = defineVerify({
  name: 'VerifySnmpGroup',
  summary: 'Verifies SNMP groups, their security and their views.',
  docs: 'Passes when each group is configured in that version, with the expected security model of v3, and each given view is the one of the group and configured itself.',
  example: {
    snmp_groups: [
      { group_name: 'Group1', version: 'v1', read_view: 'group_read_1' },
      { group_name: 'Group2', version: 'v3', write_view: 'group_write_2', authentication: 'priv' },
    ],
  },
  input: () => z.strictObject({ snmp_groups: z.array(expectedGroup()).min(1).describe('The groups to verify.') }),
  commands: () => [{ cmd: 'show snmp group', revision: 1 }],
  answers: () => [snmpGroups()],
  judge: ({ snmp_groups: expected }, [{ groups }]) =>
    passUnless(
      expected.flatMap((group) => faultsOf(group, groups?.get(group.group_name)?.versions?.get(group.version))),
    ),
})

type Expected = z.output<ReturnType<typeof expectedGroup>>
type Shown = z.output<ReturnType<typeof shownGroup>>

function faultsOf(group: Expected, shown: Shown | undefined): readonly string[] {
  const { group_name, version, authentication } = group
  const subject = `Group: ${group_name} Version: ${version}`
  if (shown === undefined || Object.keys(shown).length === 0) return [`${subject} - Not configured`]
  const security =
    version === 'v3' && authentication
      ? mismatch(`${subject} - Incorrect security model`, SECURITY_MODELS[authentication], shown.secModel, 'None')
      : []
  return [...viewFaults(subject, group, shown), ...security]
}

function viewFaults(subject: string, group: Expected, shown: Shown): readonly string[] {
  const views = [
    ['Read', group.read_view, shown.readView, shown.readViewConfig],
    ['Write', group.write_view, shown.writeView, shown.writeViewConfig],
    ['Notify', group.notify_view, shown.notifyView, shown.notifyViewConfig],
  ] as const
  return views.flatMap(([kind, expected, actual, isConfigured]) => {
    if (!expected) return []
    if (actual === '') return [`${subject} View: ${kind.toLowerCase()} - Not configured`]
    if (actual !== expected) return mismatch(`${subject} - Incorrect ${kind} view`, expected, actual, 'None')
    return isConfigured === true ? [] : [`${subject} ${kind} View: ${expected} - Not configured`]
  })
}
