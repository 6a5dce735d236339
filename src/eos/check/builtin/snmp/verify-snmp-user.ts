import { z } from 'zod'
import { once } from '../../../../model/once.ts'
import { passUnless } from '../../../../model/verdict.ts'
import { byName } from '../../answer/by-name.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { mismatch } from '../../finding/mismatch.ts'
import { word } from '../../input/words.ts'
import { snmpVersion } from './snmp-host.ts'

const expectedUser = once(() =>
  z
    .strictObject({
      username: word().describe('The user.'),
      group_name: word().describe('The group of the user.'),
      version: snmpVersion().describe('The version of SNMP.'),
      auth_type: z
        .enum(['MD5', 'SHA', 'SHA-224', 'SHA-256', 'SHA-384', 'SHA-512'])
        .nullish()
        .describe('How a user of v3 is authenticated.'),
      priv_type: z
        .enum(['AES-128', 'AES-192', 'AES-256', 'DES'])
        .nullish()
        .describe('How the messages of a user of v3 are encrypted.'),
    })
    .refine(({ version, auth_type, priv_type }) => version !== 'v3' || auth_type || priv_type, {
      error: 'v3 needs `auth_type` or `priv_type`',
    }),
)

const shownUser = once(() =>
  z.looseObject({
    groupName: z.string().optional(),
    v3Params: z.object({ authType: z.string().optional(), privType: z.string().optional() }).optional(),
  }),
)

const snmpUsers = once(() =>
  z.object({
    usersByVersion: byName(z.object({ users: byName(shownUser()).optional() })).optional(),
  }),
)

/** SNMP users are in their groups, and those of v3 use the expected algorithms. */
export const verifySnmpUser = defineVerify({
  name: 'VerifySnmpUser',
  summary: 'Verifies SNMP users, their groups, and how users of v3 are authenticated and encrypted.',
  docs: 'Passes when each user is there in that version and in its group. Of v3, given algorithms must be the ones in use.',
  example: {
    snmp_users: [
      { username: 'test', group_name: 'test_group', version: 'v3', auth_type: 'SHA-256', priv_type: 'AES-128' },
    ],
  },
  input: () => z.strictObject({ snmp_users: z.array(expectedUser()).min(1).describe('The users to verify.') }),
  commands: () => [{ cmd: 'show snmp user', revision: 1 }],
  answers: () => [snmpUsers()],
  judge: ({ snmp_users: users }, [{ usersByVersion }]) =>
    passUnless(
      users.flatMap((user) => {
        const shown = usersByVersion?.get(user.version)?.users?.get(user.username)
        const faults = shown === undefined || Object.keys(shown).length === 0 ? ['Not found'] : faultsOf(user, shown)
        return faults.map(
          (fault) => `User: ${user.username} Group: ${user.group_name} Version: ${user.version} - ${fault}`,
        )
      }),
    ),
})

function faultsOf(
  { group_name, version, auth_type, priv_type }: z.output<ReturnType<typeof expectedUser>>,
  { groupName = 'Not Found', v3Params }: z.output<ReturnType<typeof shownUser>>,
): readonly string[] {
  const group = groupName === group_name ? [] : [`Incorrect user group - Actual: ${groupName}`]
  if (version !== 'v3') return group
  return [
    ...group,
    ...(auth_type ? mismatch('Incorrect authentication type', auth_type, v3Params?.authType, 'Not Found') : []),
    ...(priv_type ? mismatch('Incorrect privacy type', priv_type, v3Params?.privType, 'Not Found') : []),
  ]
}
