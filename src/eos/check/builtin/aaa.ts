import { z } from 'zod'
import { tacacsAnswer } from '../answer/management.ts'
import { isNothing, MissingMember, mismatch, needed, type OutputOf, partly, recordOf, show } from '../answer/show.ts'
import { defineVerify } from '../define/define-check.ts'
import { ipv4, someOf, vrf, word } from '../input/words.ts'

// What `show aaa methods accounting` tells: by type and name, the methods of all sessions and those of the console.
const SHOW_ACCOUNTING = show('show aaa methods accounting', () =>
  recordOf(
    recordOf(
      partly({
        defaultAction: z.unknown(),
        defaultMethods: z.array(z.string()),
        consoleAction: z.unknown(),
        consoleMethods: z.array(z.string()),
      }),
    ),
  ),
)

const verifyAccounting = (scope: 'default' | 'console') =>
  defineVerify({
    summary: `Verifies the ${scope} methods of AAA accounting.`,
    docs: `Passes when the ${scope} methods of each given type are the expected ones in the expected order.`,
    example: { methods: ['tacacs+', 'logging'], types: ['commands', 'exec', 'system'] },
    input: () => ({ methods: methods(), types: serviceTypes(['commands', 'exec', 'system', 'dot1x']) }),
    asks: SHOW_ACCOUNTING,
    judge: (answer, { methods: expected, types }) => {
      const typed = listsOfTypes(answer, 'AcctMethods', types).flatMap(({ type, lists }) =>
        Object.values(lists).map((list) => ({
          type,
          isConfigured: (list[`${scope}Action`] ?? undefined) !== undefined,
          isSame: isSame(needed(list, `${scope}Methods`), expected),
        })),
      )
      const missing = typed.filter(({ isConfigured }) => !isConfigured)
      const differing = typed.filter((one) => !one.isSame)
      const names = (some: typeof typed) => some.map(({ type }) => type).join(', ')
      if (missing.length > 0) return [`AAA ${scope} accounting is not configured for ${names(missing)}`]
      if (differing.length === 0) requireLists(answer, 'AcctMethods', types)
      return differing.length === 0
        ? []
        : [`AAA accounting ${scope} methods ${expected.join(', ')} are not matching for ${names(differing)}`]
    },
  })

interface TypedLists<L> {
  readonly type: string
  readonly lists: Readonly<Record<string, L>>
}

type ServiceAnswer<L> = Readonly<Record<string, Readonly<Record<string, L>>>>

function listsOfTypes<L>(answer: ServiceAnswer<L>, suffix: string, types: readonly string[]): readonly TypedLists<L>[] {
  return Object.entries(answer).flatMap(([key, lists]) => {
    const type = types.find((one) => key === `${one}${suffix}`)
    return type === undefined ? [] : [{ type, lists }]
  })
}

// Throws MissingMember where the answer has no list of a type: a service without lists is not one that uses the right methods.
function requireLists<L>(answer: ServiceAnswer<L>, suffix: string, types: readonly string[]) {
  for (const type of types) {
    const key = `${type}${suffix}`
    const lists = Object.hasOwn(answer, key) ? answer[key] : undefined
    if (isNothing(lists)) throw new MissingMember(answer, key)
  }
}

// What `show aaa methods authentication` and `show aaa methods authorization` tell: method lists by type and name.
const methodLists = () => recordOf(recordOf(partly({ methods: z.array(z.string()) })))

type MethodList = OutputOf<typeof methodLists>[string][string]

// Methods that are no group of servers: EOS shows every other one as `group tacacs+`.
const BUILT_IN: readonly string[] = ['local', 'none', 'logging']

// AAA methods in the order in which the switch tries them, as EOS shows them: `tacacs+` is `group tacacs+`.
const methods = () => someOf(word().transform(asShown), 'The methods, in the order in which they are tried.')

function serviceTypes<const T extends readonly [string, ...string[]]>(types: T) {
  return z
    .array(z.enum(types))
    .min(1)
    .transform((given) => [...new Set(given)])
    .describe('The types that are judged.')
}

function isSame(some: readonly string[], others: readonly string[]) {
  return some.length === others.length && some.every((method, index) => method === others[index])
}

function asShown(method: string) {
  return BUILT_IN.includes(method) || method.startsWith('group ') ? method : `group ${method}`
}

/** Accounting of sessions of the console uses the expected methods. */
export const VerifyAcctConsoleMethods = verifyAccounting('console')

/** Accounting of every session uses the expected methods. */
export const VerifyAcctDefaultMethods = verifyAccounting('default')

/** Authentication uses the expected methods. */
export const VerifyAuthenMethods = defineVerify({
  summary: 'Verifies the methods of AAA authentication.',
  docs: 'Passes when every method list of each given type has the expected methods in the expected order; login must have a separate list for the console.',
  example: { methods: ['tacacs+', 'local'], types: ['login', 'enable'] },
  input: () => ({ methods: methods(), types: serviceTypes(['login', 'enable', 'dot1x']) }),
  asks: show('show aaa methods authentication', methodLists),
  judge: (answer, { methods, types }) => {
    const isOther = (list: MethodList) => !isSame(needed(list, 'methods'), methods)
    const notMatching = `AAA authentication methods ${methods.join(', ')} are not matching for`
    const judged = listsOfTypes(answer, 'AuthenMethods', types).map(({ type, lists }) => {
      const ofConsole = type === 'login' ? consoleFaults(lists, isOther, notMatching) : []
      // What is wrong with the list of the console is all that is said of login.
      const differs = ofConsole.length === 0 && Object.values(lists).some(isOther)
      return { ofConsole, differing: differs ? [type] : [] }
    })
    const differing = judged.flatMap((one) => one.differing)
    const faults = [
      ...judged.flatMap(({ ofConsole }) => ofConsole),
      ...(differing.length === 0 ? [] : [`${notMatching} ${differing.join(', ')}`]),
    ]
    if (faults.length === 0) requireLists(answer, 'AuthenMethods', types)
    return faults
  },
})

// EOS calls the list of the console `console` from 4.36 on, and `login` before.
function consoleFaults(
  { console: newer, login: older }: Readonly<Record<string, MethodList>>,
  isOther: (list: MethodList) => boolean,
  notMatching: string,
) {
  const list = newer ?? older
  if (list === undefined) return ['AAA authentication methods are not configured for login console']
  return isOther(list) ? [`${notMatching} login console`] : []
}

/** Authorization uses the expected methods. */
export const VerifyAuthzMethods = defineVerify({
  summary: 'Verifies the methods of AAA authorization.',
  docs: 'Passes when every method list of each given type has the expected methods in the expected order.',
  example: { methods: ['tacacs+', 'local'], types: ['commands', 'exec'] },
  input: () => ({ methods: methods(), types: serviceTypes(['commands', 'exec']) }),
  asks: show('show aaa methods authorization', methodLists),
  judge: (answer, { methods, types }) => {
    const typed = listsOfTypes(answer, 'AuthzMethods', types)
    const differing = typed.flatMap(({ type, lists }) =>
      Object.values(lists).flatMap((list) => (isSame(needed(list, 'methods'), methods) ? [] : [type])),
    )
    if (differing.length === 0) requireLists(answer, 'AuthzMethods', types)
    return differing.length === 0
      ? []
      : [`AAA authorization methods ${methods.join(', ')} are not matching for ${differing.join(', ')}`]
  },
})

/** Groups of TACACS+ servers are configured. */
export const VerifyTacacsServerGroups = defineVerify({
  summary: 'Verifies that groups of TACACS+ servers are configured.',
  docs: 'Passes when each given group of TACACS+ servers is configured.',
  example: { groups: ['TACACS-GROUP1', 'TACACS-GROUP2'] },
  input: () => ({ groups: someOf(word(), 'The groups of TACACS+ servers.') }),
  asks: show('show tacacs', () => tacacsAnswer().pick({ groups: true })),
  judge: ({ groups: there }, { groups }) => {
    if (there.size === 0) return ['No TACACS server group(s) are configured']
    const missing = groups.filter((group) => !there.has(group))
    return missing.length === 0 ? [] : [`TACACS server group(s) ${missing.join(', ')} are not configured`]
  },
})

/** TACACS+ servers are configured in a VRF. */
export const VerifyTacacsServers = defineVerify({
  summary: 'Verifies that TACACS+ servers are configured in a VRF.',
  docs: 'Passes when each given TACACS+ server is configured in the VRF.',
  example: { servers: ['10.10.10.21', '10.10.10.22'], vrf: 'MGMT' },
  input: () => ({
    servers: someOf(ipv4(), 'The addresses of the TACACS+ servers.'),
    vrf: vrf().describe('The VRF of the servers.'),
  }),
  asks: show('show tacacs', () => tacacsAnswer().pick({ tacacsServers: true })),
  judge: ({ tacacsServers }, { servers, vrf }) => {
    if (tacacsServers.length === 0) return ['No TACACS servers are configured']
    const there = new Set(
      tacacsServers
        .filter(({ serverInfo }) => (serverInfo?.vrf ?? 'default') === vrf)
        .map(({ serverInfo }) => serverInfo?.hostname),
    )
    const missing = servers.filter((server) => !there.has(server))
    return missing.length === 0 ? [] : [`TACACS servers ${missing.join(', ')} are not configured in VRF ${vrf}`]
  },
})

/** TACACS+ messages leave from the expected interface. */
export const VerifyTacacsSourceIntf = defineVerify({
  summary: 'Verifies the source interface of TACACS+ in a VRF.',
  docs: 'Passes when the source interface of TACACS+ in the VRF is the expected one.',
  example: { intf: 'Management0', vrf: 'MGMT' },
  input: () => ({
    intf: word().describe('The interface that TACACS+ messages leave from, as EOS names it.'),
    vrf: vrf().describe('The VRF of the TACACS+ servers.'),
  }),
  asks: show('show tacacs', () => tacacsAnswer().pick({ srcIntf: true })),
  judge: ({ srcIntf }, { intf, vrf }) => {
    const actual = srcIntf?.get(vrf)
    if (actual === undefined) return [`VRF: ${vrf} Source Interface: ${intf} - Not configured`]
    return mismatch(`VRF: ${vrf} - Source interface mismatch`, intf, actual)
  },
})
